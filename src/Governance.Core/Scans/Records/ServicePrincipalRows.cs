using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Service principals of a chunk, one after another.</summary>
internal static class ServicePrincipalRows
{
    public static void Write(ChunkWriter to, ImmutableArray<ServicePrincipal> principals, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            Write(to, principals[row]);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<ServicePrincipal> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(new ServicePrincipal
            {
                Id = from.OwnGuid(),
                AppId = from.SharedGuid(),
                DisplayName = from.Text(),
                AppDisplayName = from.Text(),
                OwnerTenantId = from.SharedGuid(),
                Type = from.Text(),
                Enabled = from.Answer(),
                VerifiedPublisher = from.Text() is { } name ? new VerifiedPublisher(name, from.Text(), from.Time()) : null,
                PublisherName = from.Text(),
                CreatedAt = from.Time(),
                Homepage = from.Text(),
                ReplyUrls = from.Texts(),
                Tags = from.Texts(),
                AssignmentRequired = from.Answer() == true,
                DisabledByMicrosoft = from.Text(),
                AppRoles = AppRoles(ref from),
                Orphan = from.Answer() == true,
            });
        }
    }

    private static void Write(ChunkWriter to, ServicePrincipal principal)
    {
        to.OwnGuid(principal.Id);
        to.SharedGuid(principal.AppId);
        to.Text(principal.DisplayName);
        to.Text(principal.AppDisplayName);
        to.SharedGuid(principal.OwnerTenantId);
        to.Text(principal.Type);
        to.Answer(principal.Enabled);
        to.Text(principal.VerifiedPublisher?.Name);
        if (principal.VerifiedPublisher is { } publisher)
        {
            to.Text(publisher.Id);
            to.Time(publisher.AddedAt);
        }

        to.Text(principal.PublisherName);
        to.Time(principal.CreatedAt);
        to.Text(principal.Homepage);
        to.Texts(principal.ReplyUrls);
        to.Texts(principal.Tags);
        to.Answer(principal.AssignmentRequired);
        to.Text(principal.DisabledByMicrosoft);
        to.Count(principal.AppRoles.Length);
        foreach (var role in principal.AppRoles)
        {
            to.SharedGuid(role.Id);
            to.Text(role.Value);
        }

        to.Answer(principal.Orphan);
    }

    private static ImmutableArray<AppRole> AppRoles(ref ChunkReader from)
    {
        var roles = new AppRole[from.Count(entrySize: 2)];
        for (var i = 0; i < roles.Length; i++)
        {
            roles[i] = new AppRole(from.NeededGuid(), from.Text());
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(roles);
    }
}
