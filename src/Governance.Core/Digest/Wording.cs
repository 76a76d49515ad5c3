using System.Collections.Immutable;

namespace Governance.Core.Digest;

/// <summary>A piece of a sentence: ours, or text that a tenant or a publisher chose and every sink must defuse.</summary>
public readonly record struct TextPart(string Text, bool FromTenant);

/// <summary>A sentence in one language, with tenant text kept apart from our own words.</summary>
public sealed record Wording(ImmutableArray<TextPart> Parts)
{
    public static Wording Ours(string text) => new([new TextPart(text, false)]);

    public static Wording Tenant(string text) => new([new TextPart(text, true)]);

    /// <summary>The sentence for a sink without markup: tenant text with steering marks dropped.</summary>
    public string ToPlainText() => string.Concat(Parts.Select(part => part.FromTenant ? TenantText.Plain(part.Text) : part.Text));

    public override string ToString() => ToPlainText();
}
