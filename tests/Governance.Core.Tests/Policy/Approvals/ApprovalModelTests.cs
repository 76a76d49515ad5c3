using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests.Policy.Approvals;

/// <summary>Random acts of several people on several apps, against a model that keeps only what must hold.</summary>
public sealed class ApprovalModelTests
{
    private const int Steps = 10_000;
    private const int Apps = 6;
    private static readonly Person[] People = [.. new[] { "Ana", "Ben", "Cem", "Dea", "Eli", "Fay" }.Select(Some.Person)];
    private static readonly string[] Roles = ["legal", "marketing", "security", "nobody"];
    private static readonly GovernancePolicy Policy = Some.Policy();

    [Theory]
    [InlineData(20261122)]
    public void No_illegal_state_is_reached_and_no_history_has_a_gap(int seed)
    {
        var random = new Random(seed);
        var (entries, head) = (new List<VerifiedEntry>(), LedgerHead.Empty);
        var record = GovernanceRecord.Empty;
        var model = new Dictionary<string, (string State, Person By, Dictionary<string, Person> Signed, Guid App)>();
        var counts = new Dictionary<Guid, string>();
        var (done, refused) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);

        for (var step = 0; step < Steps; step++)
        {
            var by = People[random.Next(People.Length)];
            var app = Some.Asked(1 + random.Next(Apps));
            var latest = record.Requests.Values.Where(request => request.State == RequestState.Open || random.Next(20) == 0).Select(request => request.Id).Append("R0").ToArray();
            var id = latest[random.Next(latest.Length)];
            var role = Roles[random.Next(Roles.Length)];
            var now = Some.Moment.AddMinutes(random.Next(-100, 100) + step);
            var act = random.Next(12);
            var legal = Legal(act, id, by, app.AppId, role, model, counts);
            LedgerDraft? draft = null;
            try
            {
                draft = act switch
                {
                    0 or 1 => RequestActs.Open(record, by, by, app, Some.Prefill, "purpose", Policy, "by hand", now),
                    < 8 => RequestActs.SignOff(record, id, by, role, null, now),
                    8 or 9 => RequestActs.Approve(record, id, by, null, null, null, null, Policy, now),
                    10 => random.Next(4) == 0 ? RequestActs.Deny(record, id, by, "no", now) : null,
                    _ => RequestActs.Withdraw(record, id, by, "no more", now),
                };
            }
            catch (ActRefusedException)
            {
                Assert.False(legal, $"step {step}: act {act} on {id} was refused although it is legal");
                refused++;
            }

            if (draft is not null)
            {
                Assert.True(legal, $"step {step}: act {act} on {id} was allowed although it is not legal");
                (entries, head, record) = Take(entries, head, draft, record, step);
                Learn(draft, by, head, model, counts);
                done[draft.Kind] = done.GetValueOrDefault(draft.Kind) + 1;
                Compare(record, model, counts);
            }
        }

        Assert.Equal([LedgerKinds.Approved, LedgerKinds.Denied, LedgerKinds.Requested, LedgerKinds.SignedOff, LedgerKinds.Withdrawn], done.Keys);
        Assert.True(done.Values.Min() > 20 && refused > 1000, string.Join(", ", done));
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Entry.Sequence));
        Assert.Equal(done.Values.Sum(), entries.Count);
        Assert.Equal(record.Requests.Values.Sum(request => request.Changes), entries.Count);
    }

    private static bool Legal(
        int act, string id, Person by, Guid app, string role, Dictionary<string, (string State, Person By, Dictionary<string, Person> Signed, Guid App)> model, Dictionary<Guid, string> counts)
    {
        if (act < 2)
        {
            return !model.Values.Any(request => request.State == "open" && request.App == app);
        }

        if (!model.TryGetValue(id, out var request))
        {
            return false;
        }

        var open = request.State == "open";
        var other = request.By != by;
        return act switch
        {
            < 8 => open && other && role != "nobody" && !request.Signed.ContainsKey(role) && !request.Signed.ContainsValue(by),
            8 or 9 => open && other && request.Signed.Count == 3,
            10 => open && other,
            _ => (open && !other) || (request.State == "approved" && counts.GetValueOrDefault(request.App) == id),
        };
    }

    private static (List<VerifiedEntry>, LedgerHead, GovernanceRecord) Take(List<VerifiedEntry> entries, LedgerHead head, LedgerDraft draft, GovernanceRecord before, int step)
    {
        var (stored, next) = LedgerChain.Next(Some.TenantId, head, draft, new byte[16]);
        Assert.Equal(head.Count + 1, next.Count);
        entries.Add(new VerifiedEntry(LedgerForm.Read(stored.Body.AsSpan()), stored.Hash, stored.Part?.Text));

        // The whole ledger is read anew each time; an old record must not have been changed by it.
        var earlier = before.Requests.Values.Select(request => (request.Id, request.State, request.Changes)).ToArray();
        var record = GovernanceRecord.Of(next, [.. entries]);
        Assert.True(step >= 0 && earlier.SequenceEqual(before.Requests.Values.Select(request => (request.Id, request.State, request.Changes))));
        return (entries, next, record);
    }

    private static void Learn(
        LedgerDraft draft, Person by, LedgerHead head, Dictionary<string, (string State, Person By, Dictionary<string, Person> Signed, Guid App)> model, Dictionary<Guid, string> counts)
    {
        if (draft.Kind == LedgerKinds.Requested)
        {
            model[$"R{head.Count}"] = ("open", by, [], Guid.Parse(draft.Facts["appId"]));
            return;
        }

        var request = model[draft.Subject];
        switch (draft.Kind)
        {
            case LedgerKinds.SignedOff:
                request.Signed.Add(draft.Facts["role"], by);
                break;
            case LedgerKinds.Approved:
                model[draft.Subject] = request with { State = "approved" };
                counts[request.App] = draft.Subject;
                break;
            case LedgerKinds.Denied:
                model[draft.Subject] = request with { State = "denied" };
                counts[request.App] = "denied";
                break;
            case LedgerKinds.Withdrawn:
                if (request.State == "approved")
                {
                    counts.Remove(request.App);
                }

                model[draft.Subject] = request with { State = "withdrawn" };
                break;
        }
    }

    private static void Compare(
        GovernanceRecord record, Dictionary<string, (string State, Person By, Dictionary<string, Person> Signed, Guid App)> model, Dictionary<Guid, string> counts)
    {
        Assert.Equal(model.Count, record.Requests.Count);
        Assert.All(record.Requests.Values, request => Assert.Equal(model[request.Id].State, request.State.ToString().ToLowerInvariant()));
        Assert.Equal(
            counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)),
            record.Decisions.Values.Select(decision => (decision.AppId, decision.Approval is null ? "denied" : decision.RequestId!)).OrderBy(pair => pair.AppId));
    }
}
