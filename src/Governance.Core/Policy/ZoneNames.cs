namespace Governance.Core.Policy;

/// <summary>Time zones that a policy may name.</summary>
/// <param name="Known">True for a name that can be used, older spellings among them.</param>
/// <param name="All">Names to propose for one that is not known.</param>
public sealed record ZoneNames(Func<string, bool> Known, IEnumerable<string> All);
