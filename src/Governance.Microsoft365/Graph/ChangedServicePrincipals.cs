using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Service principals with a round of changes applied.</summary>
internal sealed class ChangedServicePrincipals(ImmutableArray<ServicePrincipal> before)
    : ChangedRows<ImmutableArray<ServicePrincipal>, ServicePrincipal>
{
    private readonly Dictionary<Guid, ServicePrincipal> _now = before.ToDictionary(principal => principal.Id);

    public override InventoryPart Part => InventoryPart.ServicePrincipals;

    public override PageRows Reader(Action<ServicePrincipal> taken, bool changes) => new ServicePrincipalRows(taken);

    public override string IdOf(ServicePrincipal row) => row.Id.ToString();

    public override ImmutableArray<ServicePrincipal> Applied() => [.. _now.Values.OrderBy(principal => principal.Id)];

    public override long Count(ImmutableArray<ServicePrincipal> collection) => collection.Length;

    protected override bool TryMerge(string id, ServicePrincipal row, IReadOnlySet<string> named)
    {
        if (!_now.TryGetValue(row.Id, out var known))
        {
            return false;
        }

        _now[row.Id] = known with
        {
            AppId = Named("appId") ? row.AppId : known.AppId,
            DisplayName = Named("displayName") ? row.DisplayName : known.DisplayName,
            AppDisplayName = Named("appDisplayName") ? row.AppDisplayName : known.AppDisplayName,
            OwnerTenantId = Named("appOwnerOrganizationId") ? row.OwnerTenantId : known.OwnerTenantId,
            Type = Named("servicePrincipalType") ? row.Type : known.Type,
            Enabled = Named("accountEnabled") ? row.Enabled : known.Enabled,
            VerifiedPublisher = Named("verifiedPublisher") ? row.VerifiedPublisher : known.VerifiedPublisher,
            PublisherName = Named("publisherName") ? row.PublisherName : known.PublisherName,
            CreatedAt = Named("createdDateTime") ? row.CreatedAt : known.CreatedAt,
            Homepage = Named("homepage") ? row.Homepage : known.Homepage,
            ReplyUrls = Named("replyUrls") ? row.ReplyUrls : known.ReplyUrls,
            Tags = Named("tags") ? row.Tags : known.Tags,
            AssignmentRequired = Named("appRoleAssignmentRequired") ? row.AssignmentRequired : known.AssignmentRequired,
            DisabledByMicrosoft = Named("disabledByMicrosoftStatus") ? row.DisabledByMicrosoft : known.DisabledByMicrosoft,
            AppRoles = Named("appRoles") ? row.AppRoles : known.AppRoles,
        };
        return true;

        bool Named(string member) => named.Contains(member);
    }

    protected override void Put(ServicePrincipal row) => _now[row.Id] = row;

    protected override void Remove(string id)
    {
        if (Guid.TryParse(id, out var known))
        {
            _now.Remove(known);
        }
    }
}
