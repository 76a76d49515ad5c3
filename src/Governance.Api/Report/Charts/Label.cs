using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Governance.Api.Report.Charts;

/// <summary>An SVG text. Written by hand, since Razor keeps the tag of that name for itself.</summary>
public sealed class Label : ComponentBase
{
    /// <summary>Plain text; encoded when it is written.</summary>
    [Parameter, EditorRequired]
    public required string Words { get; set; }

    /// <summary>Attributes of the element, such as <c>x</c> and <c>text-anchor</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddMultipleAttributes(1, Attributes);
        builder.AddContent(2, Words);
        builder.CloseElement();
    }
}
