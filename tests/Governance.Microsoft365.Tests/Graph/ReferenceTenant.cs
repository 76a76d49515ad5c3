using Governance.Core.Consents;
using Governance.Microsoft365.Graph;
using Governance.Simulator.Tenants;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>A tenant of a few rows that has several pages of everything there is to read, and something of every optional part.</summary>
internal static class ReferenceTenant
{
    /// <summary>So small that every collection has at least two pages.</summary>
    public const int PageSize = 4;

    public static readonly Guid TrainingGroup = new(77, 0x1234, 0x4abc, 0x80, 1, 2, 3, 4, 5, 6, 7);

    private static readonly Guid ChatGpt = Guid.Parse("e0476654-c1d5-430b-ab80-70cbd947616a");

    private static readonly DateTimeOffset Today = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    public static SimulatedTenant Create(int seed = 9)
    {
        var tenant = ScaledTenant.Create(new TenantSize(11, 14, 9, 7, 2), seed, Today);
        var apps = tenant.ServicePrincipals.ToArray();
        var users = tenant.Users.ToArray();
        tenant.Change(change =>
        {
            change.Put(new SimulatedServicePrincipal { Id = Id(700), AppId = ChatGpt, DisplayName = "ChatGPT", Homepage = "https://chatgpt.com", Created = Today });
            foreach (var user in users)
            {
                change.Put(new SimulatedGrant(Id(700), apps[0].Id, user.Id, "Mail.Read offline_access"));
            }

            for (var i = 0; i < 7; i++)
            {
                change.Put(new SimulatedAuditEvent(
                    Id(100 + i), "Add delegated permission grant", Today.AddDays(-i), apps[^1], apps[0], users[i % users.Length], users[i % users.Length].Id, null, " User.Read Mail.Read"));
            }

            for (var i = 0; i < 5; i++)
            {
                var asking = users.Take(i == 0 ? 6 : 1).Select((user, at) => new SimulatedUserRequest(Id(300 + (10 * i) + at), user, "Needed", "InProgress", Today.AddDays(-60 - at)));
                change.Put(new SimulatedConsentRequest(Id(200 + i), Id(400 + i), $"Wanted {i}", ["Mail.Read"], [.. asking]));
            }

            for (var i = 0; i < 5; i++)
            {
                change.Put(new SimulatedServicePrincipal { Id = Id(500 + i), DisplayName = $"Agent {i}", Type = "ServiceIdentity", AgentBlueprintId = Id(600), Created = Today });
            }

            change.Put(new SimulatedGroup(TrainingGroup, "Trained", [.. users.Take(6).Select(user => user.Id)]));
        });
        return tenant;
    }

    /// <summary>What changes between two readings: more than one page of each kind of change, and a user nobody was told of.</summary>
    public static void Change(SimulatedTenant tenant)
    {
        var apps = tenant.ServicePrincipals.ToArray();
        var users = tenant.Users.ToArray();
        tenant.Change(change =>
        {
            for (var i = 0; i < 6; i++)
            {
                change.Put(apps[i] with { DisplayName = $"Renamed {i}" });
                change.Put(new SimulatedGrant(apps[i].Id, apps[0].Id, users[i].Id, "Files.Read.All"));
            }

            for (var i = 0; i < 5; i++)
            {
                change.Put(users[i] with { Department = $"Moved {i}" });
            }

            change.Remove(tenant.Grants.First());
            change.RemoveUser(users[^1].Id);
            change.Put(new SimulatedGrant(apps[2].Id, apps[0].Id, users[^1].Id, "Mail.Read"));
        });
    }

    /// <summary>Everything is asked for. Under a hand-set clock: only waits between attempts are shorter than a day.</summary>
    public static GraphOptions Options(Uri endpoint)
    {
        var options = new GraphOptions
        {
            Endpoint = endpoint,
            PageSize = PageSize,
            Silence = TimeSpan.FromDays(2),
            TimeBudget = TimeSpan.FromDays(10),
            ConsentEventWindow = TimeSpan.FromDays(44),
            ConsentPolicy = true,
            TrainingGroup = TrainingGroup,
        };
        foreach (var part in Enum.GetValues<InventoryPart>().Except(Inventory.Needed))
        {
            options.OptionalParts.Add(part);
        }

        return options;
    }

    private static Guid Id(int number) => new(number, 0x4321, 0x4abc, 0x80, 7, 6, 5, 4, 3, 2, 1);
}
