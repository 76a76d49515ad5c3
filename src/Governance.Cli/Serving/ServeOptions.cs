using System.Collections.Immutable;
using System.CommandLine;
using Governance.Embedded.InProcess;

namespace Governance.Cli.Serving;

/// <summary>Options of <c>governance serve</c> beside those of a scan.</summary>
internal sealed class ServeOptions
{
    private readonly Option<FileInfo?> _tenants = new("--tenants") { Description = "Several tenants instead of --tenant: a JSON file with id, policy, tokenEnv, graphEndpoint, fullScan, nightlyScan and timeZone of each", HelpName = "FILE" };
    private readonly Option<string> _listen = new("--listen") { Description = "Address of the API; on any other than loopback TLS or --behind-proxy is needed", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private readonly Option<FileInfo?> _certificate = new("--tls-certificate") { Description = "Certificate for an https address (PEM, or PFX with GOVERNANCE_TLS_PASSWORD)", HelpName = "FILE" };
    private readonly Option<FileInfo?> _key = new("--tls-key") { Description = "Private key of a PEM certificate", HelpName = "FILE" };
    private readonly Option<bool> _behindProxy = new("--behind-proxy") { Description = "A proxy in front does TLS: plain http may be served to other machines" };
    private readonly Option<string[]> _proxy = new("--proxy") { Description = "Address or network of that proxy: what it forwards about a caller's address counts; repeat it for several", HelpName = "IP" };
    private readonly Option<string> _full = new("--full-scan") { Description = "When to scan everything: minute hour day month weekday, or off", HelpName = "CRON", DefaultValueFactory = _ => "0 2 * * 0" };
    private readonly Option<string> _incremental = new("--nightly-scan") { Description = "When to scan what changed: minute hour day month weekday, or off", HelpName = "CRON", DefaultValueFactory = _ => "0 2 * * 1-6" };
    private readonly Option<string> _zone = new("--time-zone") { Description = "Time zone of the schedules, such as Europe/Berlin", HelpName = "ZONE", DefaultValueFactory = _ => "UTC" };
    private readonly Option<string> _log = new("--log") { Description = "Log lines on standard error: text or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
    private readonly Option<bool> _newToken = new("--new-token") { Description = "Make a new local token in place of the old one" };
    private readonly Option<FileInfo?> _tokenFile = new("--token-file") { Description = "Write a new local token to this file, readable by its owner alone, instead of showing it", HelpName = "FILE" };
    private readonly Option<string?> _otlp = new("--otlp") { Description = "Send metrics and traces to this OTLP endpoint, over HTTP in protobuf (also OTEL_EXPORTER_OTLP_ENDPOINT)", HelpName = "URL" };

    public EntraSettings Entra { get; } = new();

    public WriterSettings Writer { get; } = new();

    public void AddTo(Command command)
    {
        _log.AcceptOnlyFromAmong("text", "json");
        foreach (var option in new Option[] { _tenants, _listen, _certificate, _key, _behindProxy, _proxy, _full, _incremental, _zone, _log, _newToken, _tokenFile, _otlp })
        {
            command.Add(option);
        }

        Entra.AddTo(command);
        Writer.AddTo(command);
    }

    /// <exception cref="CliException">An option cannot be used.</exception>
    public ListenAddress Listen(ParseResult parsed, TimeProvider time)
    {
        var (certificate, behind) = (parsed.GetValue(_certificate), parsed.GetValue(_behindProxy));
        if (certificate is null && parsed.GetValue(_key) is not null)
        {
            throw CliException.Usage("--tls-key is the key of --tls-certificate, which is missing");
        }

        var read = certificate is null ? null : TlsCertificate.Read(certificate, parsed.GetValue(_key), time.GetUtcNow());
        return ListenAddress.Read(parsed.GetValue(_listen)!, read, behind) with { Proxies = ListenAddress.ReadProxies(parsed.GetValue(_proxy) ?? [], behind) };
    }

    public bool JsonLog(ParseResult parsed) => parsed.GetValue(_log) == "json";

    public bool NewToken(ParseResult parsed) => parsed.GetValue(_newToken);

    public FileInfo? TokenFile(ParseResult parsed) => parsed.GetValue(_tokenFile);

    /// <summary>Null when nothing is to be sent.</summary>
    public Uri? Otlp(ParseResult parsed)
    {
        var text = parsed.GetValue(_otlp) ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");
        return string.IsNullOrEmpty(text) ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw CliException.Usage("--otlp takes an address such as http://127.0.0.1:4318");
    }

    /// <summary>The tenants to scan: the one of the command line, or those of the file.</summary>
    /// <exception cref="CliException">None is named, both are, or a setting cannot be used.</exception>
    public ImmutableArray<TenantSetting> Tenants(ParseResult parsed, Guid? tenant, FileInfo? policy, string? tokenEnv)
    {
        var file = parsed.GetValue(_tenants);
        var usual = new TenantSetting(
            tenant ?? Guid.Empty, policy, tokenEnv, null, Cron(_full.Name, parsed.GetValue(_full)!), Cron(_incremental.Name, parsed.GetValue(_incremental)!), Zone(_zone.Name, parsed.GetValue(_zone)!));
        return (tenant, file) switch
        {
            (null, null) => throw CliException.Usage("serve needs --tenant, the tenant to scan, or --tenants, a file that names several"),
            (not null, null) => [usual],
            (null, _) => TenantsFile.Read(file, usual),
            _ => throw CliException.Usage("--tenant and --tenants exclude each other"),
        };
    }

    public static TimeZoneInfo Zone(string setting, string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw CliException.Usage($"{setting} is not a zone this machine knows, such as Europe/Berlin");

    /// <returns>Null for <c>off</c>.</returns>
    public static CronExpression? Cron(string setting, string text)
    {
        try
        {
            return text == "off" ? null : CronExpression.Parse(text);
        }
        catch (FormatException problem)
        {
            throw CliException.Usage($"{setting}: {problem.Message}");
        }
    }
}
