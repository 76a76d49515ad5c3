namespace Governance.Core.Scans.Runs;

/// <summary>What a message's handler says to whoever delivered it.</summary>
public abstract record Handled
{
    private Handled()
    {
    }

    /// <summary>Nothing more is to be done about the message.</summary>
    /// <param name="ScanId">The scan that the run left, by this delivery or an earlier one; null when it left none.</param>
    public sealed record Done(string? ScanId = null) : Handled;

    /// <summary>It failed in a way that may pass.</summary>
    public sealed record Later(string Reason, TimeSpan Delay) : Handled;

    /// <summary>A part of it is done and kept; the rest wants another delivery, which is no attempt.</summary>
    public sealed record GoesOn(TimeSpan Delay) : Handled;

    /// <summary>It can never be handled as it is, or only after somebody has put something right.</summary>
    public sealed record Never(string Reason) : Handled;
}
