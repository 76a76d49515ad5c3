using System.Buffers.Binary;
using System.Security.Cryptography;
using Governance.Core.Findings;

namespace Governance.Core.Scans.Records;

/// <summary>An app or finding in the form in which it is kept, so that one seen again unchanged need not be written again.</summary>
/// <param name="Body">JSON without the last time it was seen.</param>
/// <param name="LastSeen">When it was last seen; null for the start of the tenant's last committed scan.</param>
public sealed record KeptRecord(byte[] Body, DateTimeOffset? LastSeen)
{
    /// <param name="scanStart">Start of the scan that is being kept.</param>
    public static KeptRecord Of(AssessedApp app, DateTimeOffset scanStart) => new(
        RecordJson.Write(KeptApp.Of(app with { LastSeen = app.FirstSeen })),
        app.LastSeen.EqualsExact(scanStart) ? null : app.LastSeen);

    /// <inheritdoc cref="Of(AssessedApp, DateTimeOffset)"/>
    public static KeptRecord Of(Finding finding, DateTimeOffset scanStart) => new(
        RecordJson.Write(finding with { LastSeen = finding.FirstSeen }),
        finding.LastSeen.EqualsExact(scanStart) ? null : finding.LastSeen);

    /// <summary>SHA-256 over everything kept: equal digests, nothing to write.</summary>
    public byte[] Digest()
    {
        Span<byte> seen = stackalloc byte[16];
        seen.Clear();
        if (LastSeen is { } at)
        {
            BinaryPrimitives.WriteInt64LittleEndian(seen, at.Ticks + 1);
            BinaryPrimitives.WriteInt64LittleEndian(seen[8..], at.Offset.Ticks);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(seen);
        hash.AppendData(Body);
        return hash.GetHashAndReset();
    }

    /// <param name="lastScanStart">Start of the tenant's last committed scan.</param>
    /// <param name="record">Names the record in errors.</param>
    /// <exception cref="RecordDamagedException">The body does not read back.</exception>
    public AssessedApp ToApp(DateTimeOffset lastScanStart, string record) =>
        RecordJson.Read<KeptApp>(Body, record).ToApp(record) with
        {
            LastSeen = LastSeen ?? lastScanStart,
        };

    /// <summary>What the next scan has to know of an app; the rest of the record is passed over.</summary>
    /// <param name="digest">As <see cref="Digest"/> gives it, where the store has it already.</param>
    /// <inheritdoc cref="ToApp"/>
    public KnownApp ToKnown(DateTimeOffset lastScanStart, string record, byte[]? digest = null)
    {
        var app = RecordJson.Read<KeptSighting>(Body, record).App;
        return new KnownApp(
            app.App.Principal.Id, app.FirstSeen, LastSeen ?? lastScanStart, app.UsersOverTime, app.App.Principal.Orphan, app.App.Grants, app.App.AppRoles, digest ?? Digest(),
            KnownApp.ByApproval(app.Standing));
    }

    /// <inheritdoc cref="ToApp"/>
    public Finding ToFinding(DateTimeOffset lastScanStart, string record) =>
        RecordJson.Read<Finding>(Body, record) with { LastSeen = LastSeen ?? lastScanStart };
}
