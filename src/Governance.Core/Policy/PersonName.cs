namespace Governance.Core.Policy;

/// <summary>The name under which a person acts, as it may be kept.</summary>
public static class PersonName
{
    private const int Longest = 200;

    /// <exception cref="ActRefusedException">It is no name.</exception>
    public static string Of(string name)
    {
        var plain = name.Trim();
        return plain.Length is 0 or > Longest || plain.Any(char.IsControl)
            ? throw new ActRefusedException($"a person's name has 1 to {Longest} characters and no control characters")
            : plain;
    }
}
