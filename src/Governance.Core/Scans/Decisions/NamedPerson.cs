namespace Governance.Core.Scans.Decisions;

/// <summary>Tells whether a record is about a person who is to be erased.</summary>
/// <param name="identity">Object id, or the name under which the person acted.</param>
public readonly struct NamedPerson(string identity)
{
    private readonly string[] _spellings = Guid.TryParse(identity, out var id) ? [id.ToString("D"), id.ToString("N")] : [];

    /// <summary>True when a field that holds who did something holds this person: an id may stand there behind that of the tenant whose token it came with.</summary>
    public bool Is(string who) =>
        string.Equals(who.Trim(), identity.Trim(), StringComparison.OrdinalIgnoreCase) || _spellings.Any(spelling => who.Contains(spelling, StringComparison.OrdinalIgnoreCase));

    /// <returns>Who confirmed something and why, with the person taken out; null when neither names them.</returns>
    public (string By, string Reason)? Without(string by, string reason) =>
        Is(by) ? (IPersonalRecords.Erased, IPersonalRecords.Erased) : StandsIn(reason) ? (by, IPersonalRecords.Erased) : null;

    /// <summary>True when a text holds the person in any of the ways in which an id is written.</summary>
    public bool StandsIn(string text) =>
        text.Contains(identity.Trim(), StringComparison.OrdinalIgnoreCase) || _spellings.Any(spelling => text.Contains(spelling, StringComparison.OrdinalIgnoreCase));
}
