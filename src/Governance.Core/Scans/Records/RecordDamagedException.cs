namespace Governance.Core.Scans.Records;

/// <summary>A stored record does not read back as what was written.</summary>
/// <param name="record">Which record: its kind and id, as a person would look for it.</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class RecordDamagedException(string record, string problem, Exception? inner = null)
    : Exception($"{record} is damaged: {problem}", inner)
{
    public string Record { get; } = record;
}
