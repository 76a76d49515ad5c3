using System.Collections.Immutable;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans.Revocations;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>Passes everything on.</summary>
internal abstract class PassingWriter(IConsentWriter inner) : IConsentWriter
{
    public virtual Task<Guid> TenantAsync(CancellationToken cancellationToken) => inner.TenantAsync(cancellationToken);

    public virtual Task<ImmutableArray<RevocationItem>> HeldByAsync(Guid servicePrincipalId, CancellationToken cancellationToken) => inner.HeldByAsync(servicePrincipalId, cancellationToken);

    public virtual Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken) => inner.DeleteAsync(item, cancellationToken);

    public virtual Task<WriteAnswer> CreateAsync(RevocationItem item, CancellationToken cancellationToken) => inner.CreateAsync(item, cancellationToken);
}

/// <summary>Says that another tenant answers.</summary>
internal sealed class ElsewhereWriter(IConsentWriter inner, Guid tenant) : PassingWriter(inner)
{
    public override Task<Guid> TenantAsync(CancellationToken cancellationToken) => Task.FromResult(tenant);
}

/// <summary>Looks at the order just before each delete.</summary>
internal sealed class WatchingWriter(IConsentWriter inner, Func<Task<RevocationOrder>> look) : PassingWriter(inner)
{
    public List<(RevocationItem Item, RevocationOrder Order)> SeenBefore { get; } = [];

    public override async Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken)
    {
        SeenBefore.Add((item, await look()));
        return await base.DeleteAsync(item, cancellationToken);
    }
}

/// <summary>Loses the answer of the first delete, which was carried out or not.</summary>
internal sealed class LosingWriter(IConsentWriter inner, bool applied) : PassingWriter(inner)
{
    public int Deletes { get; private set; }

    /// <summary>From the first delete on.</summary>
    public List<string> Calls { get; } = [];

    public override Task<ImmutableArray<RevocationItem>> HeldByAsync(Guid servicePrincipalId, CancellationToken cancellationToken)
    {
        if (Deletes > 0)
        {
            Calls.Add("read");
        }

        return base.HeldByAsync(servicePrincipalId, cancellationToken);
    }

    public override async Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken)
    {
        Calls.Add("delete");
        if (++Deletes > 1)
        {
            return await base.DeleteAsync(item, cancellationToken);
        }

        if (applied)
        {
            await base.DeleteAsync(item, cancellationToken);
        }

        return new WriteAnswer(WriteOutcome.Unknown, "no answer");
    }
}

/// <summary>The caller gives up just before a delete is sent.</summary>
internal sealed class CancelledWriter(IConsentWriter inner) : PassingWriter(inner)
{
    public override Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken) => throw new OperationCanceledException();
}

/// <summary>The process ends after some deletes, just when the next one was carried out.</summary>
internal sealed class DyingWriter(IConsentWriter inner, int after) : PassingWriter(inner)
{
    private int _deletes;

    public override async Task<WriteAnswer> DeleteAsync(RevocationItem item, CancellationToken cancellationToken)
    {
        var answer = await base.DeleteAsync(item, cancellationToken);
        return ++_deletes > after ? throw new IOException("the power went") : answer;
    }
}
