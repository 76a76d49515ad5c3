namespace Governance.Core.Findings;

/// <summary>The page beside a rule: why it matters, the evidence, the remedy. Markdown, for people who ask why.</summary>
public static class RulePage
{
    /// <returns>Null when no rule has the id.</returns>
    public static string? Of(string ruleId)
    {
        if (FindingRules.ById(ruleId) is not { } rule)
        {
            return null;
        }

        using var stream = typeof(RulePage).Assembly.GetManifestResourceStream($"Governance.Core.Findings.Rules.{rule.GetType().Name}.md")
            ?? throw new InvalidOperationException($"the page of {ruleId} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
