namespace Governance.Core.Scans.Records;

/// <summary>What every store refuses to keep, whatever it keeps it in.</summary>
public static class CommitCheck
{
    /// <exception cref="ArgumentException">The commit mixes tenants, scans or generations, or its events leave a gap.</exception>
    public static void Verify(ScanCommit commit)
    {
        var scan = commit.Scan;
        Refuse(scan.TenantId == Guid.Empty, "the scan names no tenant");
        Refuse(commit.BasedOn < 0 || scan.Generation != commit.BasedOn + 1, $"generation {scan.Generation} does not follow {commit.BasedOn}");
        Refuse(commit.Inventory.Organization.TenantId != scan.TenantId, $"the inventory is of tenant {commit.Inventory.Organization.TenantId}, the scan of {scan.TenantId}");
        Refuse(commit.Apps.ScanStart != scan.StartedAt, "the apps are of another scan");
        Refuse(commit.Findings.FirstOrDefault(finding => finding.TenantId != scan.TenantId) is not null, "a finding is of another tenant");
        Refuse(commit.Events.FirstOrDefault(happened => happened.ScanId != scan.Id) is not null, "an event is of another scan");
        Refuse(commit.Apps.Known.DistinctBy(app => app.Id).Count() != commit.Apps.Count, "an app is given twice");
        Refuse(commit.Findings.DistinctBy(finding => finding.Id).Count() != commit.Findings.Length, "a finding is given twice");
    }

    /// <summary>An event must follow the last one kept of its finding.</summary>
    /// <param name="last">Sequence of the last event kept; 0 for none.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Follows(Findings.FindingEvent happened, int last) =>
        Refuse(happened.Sequence != last + 1, $"event {happened.Sequence} of finding {happened.FindingId} does not follow event {last}");

    /// <summary>A record left out because it is kept already must be kept already.</summary>
    /// <param name="known">Digest of the record that is kept; null for none.</param>
    /// <returns>False when there is nothing to write.</returns>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static bool Differs(AppRecord record, ReadOnlySpan<byte> known)
    {
        var same = known.SequenceEqual(record.App.Digest);
        Refuse(!same && record.Body is null, $"app {record.App.Id} is said to be kept as it is, and is not");
        return !same;
    }

    private static void Refuse(bool wrong, string problem)
    {
        if (wrong)
        {
            throw new ArgumentException(problem);
        }
    }
}
