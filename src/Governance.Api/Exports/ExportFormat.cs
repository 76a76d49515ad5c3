namespace Governance.Api.Exports;

/// <summary>How an export is written.</summary>
public enum ExportFormat
{
    /// <summary>One JSON document with its schema's version.</summary>
    Json,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>Comma-separated values by RFC 4180, safe to open in a spreadsheet.</summary>
    Csv,

    /// <summary>Comma-separated values behind a byte order mark, which Excel needs to see that they are UTF-8.</summary>
    CsvWithBom,

    /// <summary>A summary for people, as Markdown.</summary>
    Markdown,

    /// <summary>OCSF detection findings, one on each line, for a SIEM.</summary>
    Ocsf,
}

/// <summary>What an export holds.</summary>
public enum ExportWhat
{
    /// <summary>Scan, apps, findings and KPIs together.</summary>
    All,
    Findings,
    Apps,
    Kpis,
}
