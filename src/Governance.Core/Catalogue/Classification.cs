using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>Whether an app is an AI tool.</summary>
public enum AiVerdict
{
    /// <summary>Nothing identifies it either way.</summary>
    Unknown,

    /// <summary>A known product that is not AI.</summary>
    NotAi,

    /// <summary>AI is one part of a wider product.</summary>
    AiFeature,

    /// <summary>An AI product.</summary>
    Ai,
}

/// <summary>One thing that spoke for or against.</summary>
/// <param name="Kind">What was looked at: <c>appId</c>, <c>learnedAppId</c>, <c>verifiedPublisher</c>, <c>domain</c>, <c>name</c>, <c>genericName</c>, <c>aiDomain</c>, <c>publisherName</c>, <c>negative</c>.</param>
/// <param name="Value">What the app showed, as received.</param>
/// <param name="Matched">What it matched in the catalogue.</param>
/// <param name="Weight">-1 to 1; below 0 speaks against AI.</param>
public sealed record Signal(string Kind, string Value, string Matched, double Weight);

/// <summary>How an app was recognised as a product; decides what may rest on it.</summary>
public enum IdentityProof
{
    /// <summary>Not recognised, or only by words that identify nobody.</summary>
    None,

    /// <summary>By its display name or an unproven publisher name: never enough for trust.</summary>
    Name,

    /// <summary>By the registrable domain of its homepage or reply URLs.</summary>
    Domain,

    /// <summary>By its verified publisher.</summary>
    Publisher,

    /// <summary>By its application id, from the catalogue or confirmed here by a person.</summary>
    AppId,
}

/// <summary>The AI verdict on an app with its reasons.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Category">Catalogue category; null when the app is not a known product.</param>
/// <param name="Vendor">Vendor of the known product; null when it is not one.</param>
/// <param name="Product">Name of the known product; null when it is not one.</param>
/// <param name="Internal">True when the app is registered in the tenant itself.</param>
/// <param name="Evidence">Heaviest first.</param>
public sealed record AiAssessment(
    AiVerdict Verdict,
    double Confidence,
    string? Category,
    string? Vendor,
    string? Product,
    IdentityProof Proof,
    bool Internal,
    ImmutableArray<Signal> Evidence)
{
    /// <summary>True when the tenant's AI policy concerns the app: an AI product, or a product with AI in it.</summary>
    public bool IsAi => Verdict is AiVerdict.Ai;
}

/// <summary>An app that looks like a product it is not.</summary>
/// <param name="Imitates">Name of the product it imitates.</param>
/// <param name="Technique">The strongest technique: <c>confusable</c>, <c>mixedScript</c>, <c>misspelling</c>, <c>bait</c>, <c>wrongPublisher</c>, <c>wrongOwner</c>, <c>wrongDomain</c>.</param>
/// <param name="Evidence">What shows it; in fixed order.</param>
public sealed record Lookalike(string Imitates, string Technique, ImmutableArray<string> Evidence);

/// <summary>What an app is.</summary>
/// <param name="Lookalike">Null when it imitates nobody.</param>
/// <param name="FirstParty">True for Microsoft's own apps.</param>
/// <param name="AbusedElsewhere">Why and by whom it was reported as abused elsewhere; null when it was not.</param>
public sealed record Classification(AiAssessment Ai, Lookalike? Lookalike, bool FirstParty, string? AbusedElsewhere);
