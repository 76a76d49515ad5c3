using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>What every request goes through, alone or in a batch: token, faults, quota, rights, answer, bent pages.</summary>
internal sealed class Pipeline(SimulatedTenant tenant, SimulatorOptions options, FaultPlan faults)
{
    private readonly Tokens tokens = new(options);
    private readonly Writes writes = new(tenant, options);
    private readonly Quota? quota = options.ResourceUnitsPerTenSeconds is { } units ? new Quota(units, options.TimeProvider) : null;
    private int requests;
    private int batches;

    /// <param name="call">The request.</param>
    /// <param name="authorization">The header, null when it came as part of a batch whose header was checked.</param>
    /// <param name="inBatch">Items of a batch share its connection, so that faults of the transport pass them by.</param>
    /// <param name="requestId">For error bodies.</param>
    public Outcome Answer(GraphCall call, string? authorization, bool inBatch, string requestId)
    {
        var number = Interlocked.Increment(ref requests);
        var now = options.TimeProvider.GetUtcNow();
        var page = PageNumber(call);
        if (faults.Take(number, call.Path, page, FaultReplies.Refuses) is { } refusal)
        {
            return new Outcome(FaultReplies.Refusal(refusal, call.Root, call.Path, now, requestId), 0, null, refusal);
        }

        try
        {
            if (!inBatch)
            {
                tokens.Check(authorization);
            }

            var units = Cost.Of(call);
            if (quota?.Take(units) is > 0 and var wait)
            {
                return new Outcome(Throttled(wait, now, requestId), 0, null, null);
            }

            if (options.Rights is { } held && RequiredRights.Of(call) is { Count: > 0 } needed && !needed.Any(held.Contains))
            {
                throw GraphException.Denied();
            }

            var replay = faults.Take(number, call.Path, page, kind => kind == FaultKind.Replay && call.Option("deltatoken") is { Length: > 0 });
            var minimal = faults.Take(number, call.Path, page, kind => kind == FaultKind.Minimal && call.Segments is [_, "delta"]);
            var reply = Route(call, replay is not null, minimal is not null);
            var fault = replay ?? minimal;
            if (reply is PageReply bendable && faults.Take(number, call.Path, page, FaultReplies.BendsPage) is { } bend)
            {
                FaultReplies.Bend(bendable, bend, Url(call), FirstUrl(call));
                fault = bend;
            }

            var broken = inBatch ? null : faults.Take(number, call.Path, page, FaultReplies.BreaksTransport);
            return new Outcome(reply, units, broken, broken ?? fault);
        }
        catch (GraphException error)
        {
            var reply = Reply.Error(error.Status, error.Code, error.Message, now, requestId);
            if (error.Location is { } location)
            {
                reply.Headers.Add(("Location", location));
            }

            if (error.Status == 401)
            {
                reply.Headers.Add(("WWW-Authenticate", $"Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\""));
            }

            return new Outcome(reply, 0, null, null);
        }
    }

    /// <summary>The call that carries a batch: its token and the faults of its transport, whose page is the number of the batch. Its items go through <see cref="Answer"/>.</summary>
    public (Outcome Outcome, int Rows) AnswerBatch(GraphCall call, string authorization, string requestId, Func<(Reply Reply, int Rows)> answer)
    {
        var now = options.TimeProvider.GetUtcNow();
        var number = Interlocked.Increment(ref requests);
        var ordinal = Interlocked.Increment(ref batches);
        if (faults.Take(number, call.Path, ordinal, FaultReplies.Refuses) is { } refusal)
        {
            return (new Outcome(FaultReplies.Refusal(refusal, call.Root, call.Path, now, requestId), 0, null, refusal), 0);
        }

        try
        {
            tokens.Check(authorization);
            var (reply, rows) = answer();
            var broken = faults.Take(number, call.Path, ordinal, FaultReplies.BreaksTransport);
            return (new Outcome(reply, 0, broken, broken), rows);
        }
        catch (GraphException error)
        {
            return (new Outcome(Reply.Error(error.Status, error.Code, error.Message, now, requestId), 0, null, null), 0);
        }
    }

    private Reply Route(GraphCall call, bool replay, bool minimal) =>
        (call.Method switch
        {
            "GET" => new DeltaPages(options, replay, minimal).Answer(call) ?? GovernanceReads.Answer(call, options) ?? DirectoryReads.Answer(call, options),
            "POST" when call.Segments is ["directoryObjects", "getByIds"] => GetByIds.Answer(call),
            _ => writes.Answer(call),
        })
        ?? throw new GraphException(400, "BadRequest", $"Resource not found for the segment '{call.Segments[^1]}', or {call.Method} is not allowed on it.");

    private static Reply Throttled(int wait, DateTimeOffset now, string requestId)
    {
        var reply = Reply.Error(
            429, "TooManyRequests", "Too many requests from Identifier:<app> under category:aadgraph.app.tenant_large. Please try again later.", now, requestId);
        reply.Headers.Add(("Retry-After", wait.ToString()));
        reply.Headers.Add(("x-ms-throttle-information", "ResourceUnitLimitExceeded"));
        return reply;
    }

    private static int PageNumber(GraphCall call)
    {
        var token = call.Option("skiptoken") is { } text ? PageToken.Decode(text, call.State.Seed, call.Path) : null;
        return token?.Page ?? 1;
    }

    private static string Url(GraphCall call) => $"{call.Root}/{call.PathAndQuery.TrimStart('/')}";

    private static string FirstUrl(GraphCall call)
    {
        var url = Url(call);
        var at = url.IndexOf("$skiptoken=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? url : url[..at].TrimEnd('?', '&');
    }
}

/// <param name="Reply">The answer.</param>
/// <param name="ResourceUnits">Charged for it.</param>
/// <param name="Transport">A fault in how it is sent; null for none.</param>
/// <param name="Fault">The fault put in, of any kind; null for none.</param>
internal sealed record Outcome(Reply Reply, int ResourceUnits, Fault? Transport, Fault? Fault);
