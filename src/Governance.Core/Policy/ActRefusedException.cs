namespace Governance.Core.Policy;

/// <summary>An act that the rules do not allow; nothing was written.</summary>
/// <param name="message">One sentence without tenant text.</param>
public sealed class ActRefusedException(string message) : Exception(message);
