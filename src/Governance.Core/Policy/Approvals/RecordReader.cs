using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Policy.Approvals;

/// <summary>Goes through a ledger entry by entry. An entry of a kind not known is passed over: a later program wrote it.</summary>
internal sealed class RecordReader
{
    private readonly Dictionary<string, ApprovalRequest> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, RecordedDecision> _decisions = [];
    private readonly List<FindingMark> _marks = [];
    private readonly OrderReader _orders = new();
    private long _lastDecision;

    public void Take(VerifiedEntry verified)
    {
        var entry = verified.Entry;
        switch (entry.Kind)
        {
            case LedgerKinds.Requested:
                Open(entry);
                break;
            case LedgerKinds.SignedOff:
                Change(entry, request => request with { SignOffs = request.SignOffs.Add(new SignOff(entry.Fact("role"), entry.Actor, entry.At)) });
                break;
            case LedgerKinds.Approved:
                Change(entry, request => request with { State = RequestState.Approved });
                Decide(verified, Approval(verified));
                break;
            case LedgerKinds.Denied:
                Change(entry, request => request with { State = RequestState.Denied });
                Decide(verified, null);
                break;
            case LedgerKinds.Withdrawn:
                Withdraw(entry);
                break;
            case LedgerKinds.Acknowledged or LedgerKinds.Muted or LedgerKinds.Unmuted:
                _marks.Add(FindingMark.Of(verified));
                break;
            default:
                _orders.Take(verified);
                break;
        }
    }

    public GovernanceRecord Build(LedgerHead head, ImmutableArray<VerifiedEntry> entries) => new(
        head,
        _requests.ToImmutableSortedDictionary(StringComparer.Ordinal),
        _decisions.ToImmutableSortedDictionary(),
        [.. _marks],
        _orders.Orders.ToImmutableSortedDictionary(StringComparer.Ordinal),
        entries)
    {
        LastDecision = _lastDecision,
    };

    private void Open(LedgerEntry entry)
    {
        var id = "R" + entry.Sequence.ToString(CultureInfo.InvariantCulture);
        _requests[id] = new ApprovalRequest(
            id,
            new ApprovalScope(
                Facts.IdOf(entry, "appId")!.Value,
                Facts.IdOf(entry, "ownerTenant"),
                Facts.ListOf(entry, "permissions") ?? [],
                Facts.ListOf(entry, "departments"),
                Facts.ListOf(entry, "dataCategories"),
                entry.Fact("tenantWide") == "true"),
            RequestState.Open,
            entry.At,
            entry.Actor,
            entry.Fact("owner"),
            Facts.DayOf(entry, "dueOn") ?? DateOnly.FromDateTime(entry.At.UtcDateTime),
            Facts.ListOf(entry, "roles") ?? [],
            [],
            new RiskPrefill(
                entry.Facts.ContainsKey("riskScore") ? (int)Facts.NumberOf(entry, "riskScore") : null,
                entry.Facts.GetValueOrDefault("riskLevel"),
                entry.Facts.GetValueOrDefault("verdict"),
                entry.Facts.ContainsKey("users") ? (int)Facts.NumberOf(entry, "users") : null,
                entry.Fact("assessment")),
            entry.Facts.GetValueOrDefault("renews"),
            1);
        _lastDecision = entry.Sequence;
    }

    private void Change(LedgerEntry entry, Func<ApprovalRequest, ApprovalRequest> change)
    {
        if (_requests.TryGetValue(entry.Subject, out var request))
        {
            _requests[entry.Subject] = change(request) with { Changes = request.Changes + 1 };
        }
    }

    private void Decide(VerifiedEntry verified, ToolApproval? approval)
    {
        var entry = verified.Entry;
        var appId = Facts.IdOf(entry, "appId")!.Value;
        _decisions[appId] = new RecordedDecision(
            entry.Sequence, appId, approval, entry.At, entry.Actor, _requests.ContainsKey(entry.Subject) ? entry.Subject : null, verified.Part);
        _lastDecision = entry.Sequence;
    }

    private void Withdraw(LedgerEntry entry)
    {
        if (entry.Fact("before") == "approved")
        {
            _decisions.Remove(Facts.IdOf(entry, "appId")!.Value);
        }

        Change(entry, request => request with { State = RequestState.Withdrawn });
        _lastDecision = entry.Sequence;
    }

    private static ToolApproval Approval(VerifiedEntry verified)
    {
        var entry = verified.Entry;
        return new ToolApproval(
            new ToolReference(null, Facts.IdOf(entry, "appId"), Facts.IdOf(entry, "ownerTenant")),
            Facts.ListOf(entry, "permissions"),
            Facts.ListOf(entry, "departments"),
            entry.Fact("tenantWide") == "true",
            DateOnly.FromDateTime(entry.At.UtcDateTime),
            Facts.DayOf(entry, "reviewBy"),
            Facts.DayOf(entry, "expiresOn"),
            entry.Fact("owner"),
            verified.Part)
        {
            DataCategories = Facts.ListOf(entry, "dataCategories"),
        };
    }
}
