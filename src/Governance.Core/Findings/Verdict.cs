using System.Collections.Immutable;
using Governance.Core.Risk;

namespace Governance.Core.Findings;

/// <summary>The answer of a rule for one subject.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The rule looked and found nothing wrong.</summary>
    /// <param name="Because">Why, without tenant text; completes "resolved: ...".</param>
    /// <param name="Basis">What it rests on, which decides how much must have been read before a finding may close.</param>
    public sealed record Pass(string Because, PassBasis Basis = PassBasis.Facts) : Verdict;

    /// <summary>The rule found something wrong.</summary>
    /// <param name="Title">One English sentence without tenant text.</param>
    /// <param name="Evidence">In fixed order; values may hold tenant text, and hold dates rather than ages, so that they change only with the facts.</param>
    public sealed record Violation(Severity Severity, string Title, ImmutableArray<EvidenceItem> Evidence) : Verdict;

    /// <summary>The rule could not look.</summary>
    /// <param name="MissingFact">What was not read, without tenant text.</param>
    public sealed record NotAssessed(string MissingFact) : Verdict;
}

/// <summary>What a pass rests on.</summary>
public enum PassBasis
{
    /// <summary>On facts of the tenant: absence counts only in parts that were read whole.</summary>
    Facts,

    /// <summary>On a decision in the policy: holds whatever was read.</summary>
    Policy,
}

/// <summary>A verdict with its rule and subject.</summary>
/// <param name="Subject">As in <see cref="Finding.Subject"/>.</param>
/// <param name="SubjectName">As received.</param>
public sealed record Judgement(string Rule, string Subject, string SubjectName, Verdict Verdict);
