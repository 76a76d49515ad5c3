namespace Governance.Core.Catalogue;

/// <summary>An imitation found, with the brand whose owner is not behind the app.</summary>
internal sealed record Imitation(Lookalike Lookalike, Product? Product)
{
    /// <summary>An imitated AI brand still makes an AI verdict, but a name proves nothing.</summary>
    public AiAssessment Apply(AiAssessment assessment)
    {
        var proof = assessment.Proof > IdentityProof.Name ? IdentityProof.Name : assessment.Proof;
        if (Product is not { Kind: AiVerdict.Ai } imitated || assessment.Product is not null)
        {
            return assessment with { Proof = proof, Confidence = Math.Min(assessment.Confidence, GenericSignals.Cap) };
        }

        var signal = new Signal("name", Lookalike.Evidence[0], imitated.Name, SignalWeights.Imitation);
        return assessment with
        {
            Verdict = AiVerdict.Ai,
            Confidence = Math.Min(GenericSignals.Cap, Math.Max(assessment.Confidence, SignalWeights.Imitation)),
            Category = imitated.Category,
            Vendor = imitated.Vendor,
            Product = imitated.Name,
            Proof = IdentityProof.Name,
            Evidence = [.. assessment.Evidence.Append(signal).OrderByDescending(known => Math.Abs(known.Weight)).ThenBy(known => known.Kind, StringComparer.Ordinal)],
        };
    }
}
