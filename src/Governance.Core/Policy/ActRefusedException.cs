namespace Governance.Core.Policy;

/// <summary>An act that the rules do not allow; nothing was written.</summary>
/// <param name="message">One sentence without tenant text.</param>
public sealed class ActRefusedException(string message) : Exception(message)
{
    /// <summary>True when it is refused for who asks: another person may do it.</summary>
    public bool OfPerson { get; init; }

    /// <summary>True when what was to be acted on does not exist.</summary>
    public bool OfNothing { get; init; }
}
