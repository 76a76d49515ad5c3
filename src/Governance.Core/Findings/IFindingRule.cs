using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Findings;

/// <summary>A question put to every subject of one kind. Its page of the same name says why, on what evidence, and what to do.</summary>
public interface IFindingRule
{
    /// <summary>The class name in kebab case. A changed meaning gets a new id.</summary>
    string Id { get; }

    /// <summary>Parts that must have been read whole before the absence of a fault means anything.</summary>
    ImmutableArray<InventoryPart> RestsOn { get; }
}

/// <summary>A rule about apps.</summary>
public interface IAppRule : IFindingRule
{
    /// <summary>Pure. A fact that could not be read gives <see cref="Verdict.NotAssessed"/>, never a pass.</summary>
    Verdict Judge(AssessedApp app, JudgementContext context);
}

/// <summary>A rule about apps that users asked for.</summary>
public interface IRequestRule : IFindingRule
{
    /// <inheritdoc cref="IAppRule.Judge"/>
    Verdict Judge(ConsentRequest request, JudgementContext context);
}
