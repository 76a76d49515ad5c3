using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Digest;

/// <summary>The workflow of an alert: one message for the critical findings of which nobody was told yet.</summary>
/// <remarks>Each opening of a finding has a slot of its own, so a second scan, a retry or a restart does not tell it again.</remarks>
public sealed class AlertCritical(IDigestChannel channel, IDigestOutbox outbox, TimeProvider time)
{
    private const string Prefix = "alert ";

    /// <summary>True for the slot of an alert, false for that of a digest.</summary>
    public static bool IsAlert(DigestSlot slot) => slot.Period.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>The slots that this call posted for; empty when nothing is new.</returns>
    public async Task<ImmutableArray<DigestEntry>> RunAsync(string channelName, string language, string scanId, DigestInput input, CancellationToken cancellationToken)
    {
        var claimed = new List<DigestEntry>();
        var told = new List<Finding>();
        foreach (var finding in input.Live.Where(finding => finding.Severity == Severity.Critical && !finding.Unconfirmed).OrderBy(finding => finding.Id, StringComparer.Ordinal))
        {
            var claim = await outbox.ClaimAsync(SlotOf(finding, channelName), scanId, time.GetUtcNow(), again: false, cancellationToken).ConfigureAwait(false);
            if (claim is DigestClaim.Granted granted)
            {
                claimed.Add(granted.Entry);
                told.Add(finding);
            }
        }

        return claimed.Count == 0
            ? []
            : [.. await new PostDigest(channel, outbox, time).PostAsync(claimed, AlertComposer.Compose(input, told, language), null, cancellationToken).ConfigureAwait(false)];
    }

    internal static DigestSlot SlotOf(Finding finding, string channelName) => new(
        finding.TenantId,
        channelName,
        DigestAudience.Security,
        $"{Prefix}{finding.Id} {finding.OpenedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
}
