using System.Collections.Immutable;

namespace Governance.Core.Policy.Ledger;

/// <summary>What an entry of the ledger can record. A changed meaning gets a new name.</summary>
public static class LedgerKinds
{
    public const string Requested = "request.opened";
    public const string SignedOff = "request.signedOff";
    public const string Approved = "request.approved";
    public const string Denied = "request.denied";
    public const string Withdrawn = "request.withdrawn";
    public const string Acknowledged = "finding.acknowledged";
    public const string Muted = "finding.muted";
    public const string Unmuted = "finding.unmuted";
    public const string RevocationPlanned = "revocation.planned";
    public const string RevocationApproved = "revocation.approved";
    public const string RevocationDeclined = "revocation.declined";
    public const string RevocationVoided = "revocation.voided";
    public const string RevocationTaken = "revocation.taken";
    public const string RevocationReleased = "revocation.released";
    public const string RevocationIntended = "revocation.intended";
    public const string RevocationDone = "revocation.done";
    public const string RevocationFailed = "revocation.failed";
    public const string RevocationExecuted = "revocation.executed";
    public const string UndoIntended = "undo.intended";
    public const string UndoDone = "undo.done";
    public const string UndoFailed = "undo.failed";
    public const string Erased = "privacy.erased";
    public const string Retained = "privacy.retention";
    public const string Reidentified = "privacy.reidentified";
    public const string KeyRotated = "privacy.keyRotated";
    public const string KeysDestroyed = "privacy.keysDestroyed";

    /// <summary>Entries that name parts which were taken away on purpose.</summary>
    internal static readonly ImmutableHashSet<string> TakeParts = [Erased, Retained];

    /// <summary>Fact of such an entry: sequence numbers of the entries whose parts were taken, with blanks between.</summary>
    internal const string PartsFact = "parts";
}
