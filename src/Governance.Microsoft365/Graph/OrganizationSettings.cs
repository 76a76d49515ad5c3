using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads two facts beside the parts, each only when asked for: the consent policy in force, and who is trained.</summary>
/// <remarks>One that cannot be read stays unknown, and a note says why; nothing is taken from its absence.</remarks>
internal sealed class OrganizationSettings(TenantRead read)
{
    private const string ForOneself = "ManagePermissionGrantsForSelf.";

    private readonly List<string> _notes = [];

    /// <summary>What could not be read, in a fixed order.</summary>
    public ImmutableArray<string> Notes => [.. _notes.Order(StringComparer.Ordinal)];

    /// <returns>Null when it was not asked for or could not be read.</returns>
    public async Task<UserConsentPolicy?> ConsentPolicyAsync()
    {
        if (!read.Options.ConsentPolicy)
        {
            return null;
        }

        await Task.Yield();
        UserConsentPolicy[] found = [];
        var rows = new DocumentRows<object>(
            (JsonElement row, ref string? fault) =>
            {
                if (Of(row) is { } policy)
                {
                    found = [policy];
                }
                else
                {
                    fault = "it does not say what users may consent to";
                }

                return null;
            },
            _ => { });
        try
        {
            var request = new PageRequest(
                read.Endpoint.At(GraphQueries.ConsentPolicy), null, false, new RequestMeter(read.Meter), read.Governance, Layout: PageLayout.Rows);
            await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
        }
        catch (GraphFault fault)
        {
            Note($"the consent policy was not read: {fault.Words(Rights.ConsentPolicy)}");
            return null;
        }

        if (found.Length == 0)
        {
            Note($"the consent policy was not read: {rows.FirstFault ?? "the answer is empty"}");
            return null;
        }

        return found[0];
    }

    /// <returns>Null when no group is configured or its members could not be read whole.</returns>
    public async Task<ImmutableHashSet<Guid>?> TrainedUsersAsync()
    {
        if (read.Options.TrainingGroup is not { } group)
        {
            return null;
        }

        await Task.Yield();
        var members = ImmutableHashSet.CreateBuilder<Guid>();
        var plan = new WalkPlan(
            InventoryPart.Users,
            null,
            read.Endpoint.At(GraphQueries.Members(group, read.Options.PageSize)),
            Rights.TrainingGroup,
            new RequestMeter(read.Meter),
            read.Directory,
            () =>
            {
                members.Clear();
                return new DocumentRows<object>(
                    (JsonElement row, ref string? fault) =>
                    {
                        if (Member.Text(row, "@odata.type") is { } type && !type.EndsWith(".user", StringComparison.OrdinalIgnoreCase))
                        {
                            return null;
                        }

                        fault = Member.Id(row, "id") is null ? "id is not a GUID" : null;
                        return Member.Id(row, "id");
                    },
                    id => members.Add((Guid)id));
            });
        var end = await read.Walk.WalkAsync(plan, null, read.Token).ConfigureAwait(false);
        if (end.Reason is null && end.Unreadable == 0)
        {
            return members.ToImmutable();
        }

        Note($"the members of the training group were not read: {end.Reason ?? end.FirstUnreadable}");
        return null;
    }

    /// <returns>Null when the object is no authorization policy.</returns>
    internal static UserConsentPolicy? Of(JsonElement policy)
    {
        var role = Member.Object(policy, "defaultUserRolePermissions");
        if (Member.Object(role, "permissionGrantPoliciesAssigned").ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var assigned = Member.List(role, "permissionGrantPoliciesAssigned")
            .Where(name => name.ValueKind == JsonValueKind.String)
            .Select(name => name.GetString()!)
            .Where(name => name.StartsWith(ForOneself, StringComparison.OrdinalIgnoreCase))
            .Select(name => name[ForOneself.Length..].ToLowerInvariant())
            .ToArray();
        return assigned switch
        {
            [] => UserConsentPolicy.Nothing,
            _ when assigned.Contains("microsoft-user-default-legacy") => UserConsentPolicy.AnyApp,
            ["microsoft-user-default-low"] => UserConsentPolicy.VerifiedAndLow,
            _ => UserConsentPolicy.Other,
        };
    }

    private void Note(string note)
    {
        lock (_notes)
        {
            _notes.Add(note);
        }
    }
}
