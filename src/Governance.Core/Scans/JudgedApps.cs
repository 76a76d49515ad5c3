using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Scans.Records;

namespace Governance.Core.Scans;

/// <summary>What every app is judged by.</summary>
/// <param name="Previous">Null for the first scan of the tenant.</param>
/// <param name="Unread">Whole records of the last scan, of the apps that <see cref="AppsNotSeen.Needed"/> names.</param>
/// <param name="Marked">Subjects of findings on which people acted: what such an app holds is compared with what it held then.</param>
/// <param name="KeepsRecords">True to pack records that are kept already, too.</param>
internal sealed record AppQuestions(
    Inventory Inventory,
    Func<ServicePrincipal, Classification> Classify,
    GovernancePolicy Policy,
    KnownState? Previous,
    IReadOnlyDictionary<Guid, AssessedApp> Unread,
    IReadOnlySet<string> Marked,
    JudgementContext Context,
    bool KeepsRecords);

/// <summary>What is left of some apps once they are judged.</summary>
/// <param name="Notable">AI in use, and look-alikes.</param>
/// <param name="Marked">Those on whose findings people acted and that this scan saw.</param>
/// <param name="Judgements">Violations, and every verdict on a finding that is kept.</param>
/// <param name="Unanswered">One for each rule that could not be answered for an app.</param>
internal sealed record JudgedPack(
    AppPack Records,
    ImmutableArray<AssessedApp> Notable,
    ImmutableArray<AssessedApp> Marked,
    ImmutableArray<Judgement> Judgements,
    ImmutableArray<(string Rule, string MissingFact)> Unanswered);

/// <summary>What is left of all apps once they are judged; in order of their ids.</summary>
internal sealed class JudgedApps(IReadOnlyCollection<JudgedPack> packs, DateTimeOffset scanStart)
{
    public AppRecords Records { get; } = new(packs.Select(pack => pack.Records), scanStart);

    /// <inheritdoc cref="JudgedPack"/>
    public ImmutableArray<AssessedApp> Notable { get; } = [.. packs.SelectMany(pack => pack.Notable)];

    /// <inheritdoc cref="JudgedPack"/>
    public IEnumerable<AssessedApp> Marked => packs.SelectMany(pack => pack.Marked);

    /// <inheritdoc cref="JudgedPack"/>
    public IEnumerable<Judgement> Judgements => packs.SelectMany(pack => pack.Judgements);

    /// <inheritdoc cref="JudgedPack"/>
    public IEnumerable<(string Rule, string MissingFact)> Unanswered => packs.SelectMany(pack => pack.Unanswered);
}
