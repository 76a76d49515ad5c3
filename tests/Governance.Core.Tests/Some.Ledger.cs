using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests;

internal static partial class Some
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(number => (byte)number)];

    public static Person Person(string name) => new(Pseudonym.Of(new byte[Pseudonym.KeyBytes], TenantId, name), []);

    public static LedgerDraft Draft(int number, string? part = null) => new(
        Moment.AddMinutes(number), $"p-{number}", "request.signedOff", $"R{number}",
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("role", "security").Add("after", $"{number} \"état\" \u202E批准"), part);

    public static StoredLedger Ledger(params LedgerDraft[] drafts) => Ledger(TenantId, drafts);

    public static StoredLedger Ledger(Guid tenant, IEnumerable<LedgerDraft> drafts)
    {
        var head = LedgerHead.Empty;
        var entries = ImmutableArray.CreateBuilder<StoredEntry>();
        foreach (var draft in drafts)
        {
            (var entry, head) = LedgerChain.Next(tenant, head, draft, Salt);
            entries.Add(entry);
        }

        return new StoredLedger(tenant, entries.ToImmutable(), head, head);
    }

    /// <summary>The ledger with one more entry.</summary>
    public static StoredLedger With(this StoredLedger ledger, LedgerDraft draft)
    {
        var (entry, head) = LedgerChain.Next(ledger.TenantId, ledger.Head ?? LedgerHead.Empty, draft, Salt);
        return ledger with { Entries = ledger.Entries.Add(entry), Head = head, Anchor = head };
    }

    public static ApprovalScope Asked(int app = 1, bool tenantWide = false, string[]? departments = null) => new(
        Id(100_000 + app), VendorTenantId, ["User.Read", "Files.Read"], departments is null ? null : [.. departments], null, tenantWide);

    public static readonly RiskPrefill Prefill = new(40, "medium", "ai", 12, "permissions 40");
}
