using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>Every app that the organisation has or will have.</summary>
internal static class BrightwaveApps
{
    public static ImmutableArray<AppPlan> All(ulong seed, Guid tenantId) =>
    [
        .. FirstParty(seed),
        .. Tools(seed, "ai-tools"),
        .. Tools(seed, "unknown-ai-tools"),
        .. Tools(seed, "look-alikes"),
        .. Saas(seed),
        .. Own(seed, tenantId),
        .. ManagedIdentities(seed),
        .. Agents(seed, tenantId),
        .. Hostile(seed),
    ];

    private static IEnumerable<AppPlan> Tools(ulong seed, string file) => DataFiles.Rows(file, 8).Select(cells =>
    {
        var plan = Outside(seed, cells[0], cells[1], cells[2]) with
        {
            VerifiedFrom = cells[3] == "y" ? -60 : null,
            UsersFirst = int.Parse(cells[4]),
            UsersLast = int.Parse(cells[5]),
            Scopes = ScopeSets.Named(cells[6]),
            MarketingFirst = true,
        };
        return cells[7].Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(plan, Apply);
    });

    private static AppPlan Apply(AppPlan plan, string happening)
    {
        var parts = happening.Split('@', '=');
        return parts[0] switch
        {
            "start" => plan with { StartsAt = int.Parse(parts[1]) },
            "gone" => plan with { GoneAt = int.Parse(parts[1]) },
            "back" => plan with { BackAt = int.Parse(parts[1]) },
            "disabled" => plan with { DisabledAt = int.Parse(parts[1]) },
            "verified" => plan with { VerifiedFrom = int.Parse(parts[1]) },
            "grow" => plan with { GrowsAt = int.Parse(parts[1]), GrownScopes = parts[2] == "mail" ? "Mail.Read Contacts.Read" : parts[2] },
            "assigned" => plan with { AssignedUsers = int.Parse(parts[1]) },
            "role" => plan with { GraphRoles = [.. parts[1].Split(',')] },
            "rise" or "campaign" => plan with { Rises = true },
            "all" => plan with { TenantWide = true },
            "sharepoint" => plan with { UsesSharePoint = true },
            "dormant" => plan with { Dormant = true },
            _ => throw new FormatException($"unknown happening '{happening}' of {plan.Name}"),
        };
    }

    private static IEnumerable<AppPlan> Saas(ulong seed) => DataFiles.Rows("saas", 3).Select(cells =>
    {
        var hash = Hash.Mix(seed, cells[0]);
        var users = 4 + (int)(Math.Pow(Hash.Fraction(Hash.Mix(hash)), 2) * 34);
        return Outside(seed, cells[0], cells[1], cells[2]) with
        {
            VerifiedFrom = hash % 5 < 3 ? -60 : null,
            UsersFirst = users,
            UsersLast = users + Hash.Below(Hash.Mix(hash + 1), 4),
            Scopes = ScopeSets.Named(Hash.Pick(Hash.Mix(hash + 2), ["sign", "sign", "sign", "cal", "files", "crm", "mail", "sign", "chat", "sign"])),
            TenantWide = Hash.Mix(hash + 3) % 6 == 0,
            UsesSharePoint = Hash.Mix(hash + 4) % 8 == 0,
            DisabledAt = hash % 41 == 0 ? -60 : null,
            Dormant = hash % 13 == 0,
        };
    });

    private static IEnumerable<AppPlan> FirstParty(ulong seed)
    {
        foreach (var cells in DataFiles.Rows("first-party", 3))
        {
            var appId = Guid.Parse(cells[1]);
            yield return new AppPlan
            {
                Name = cells[0],
                Id = StableGuid.Named(seed, RowKind.ServicePrincipal, cells[1]),
                AppId = appId,
                OwnerTenantId = cells[2].Length > 0 ? Guid.Parse(cells[2]) : ResourceCatalogue.MicrosoftServices,
                UsersFirst = cells[0] is "Graph Explorer" or "Microsoft Graph Command Line Tools" ? 3 : 0,
                UsersLast = cells[0] is "Graph Explorer" ? 5 : cells[0] is "Microsoft Graph Command Line Tools" ? 3 : 0,
                Scopes = "User.Read openid profile Directory.Read.All offline_access",
            };
        }
    }

    private static IEnumerable<AppPlan> Own(ulong seed, Guid tenantId) => DataFiles.Rows("own-apps", 4).Select(cells =>
    {
        var roles = cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Outside(seed, cells[0], "brightwave-collective.example", "-") with
        {
            OwnerTenantId = tenantId,
            Scopes = ScopeSets.Named(cells[1]),
            UsersFirst = int.Parse(cells[2]) / 3,
            UsersLast = int.Parse(cells[2]) / 3,
            TenantWide = int.Parse(cells[2]) > 30,
            GraphRoles = [.. roles.Where(role => role[0] != '@')],
            ExchangeRoles = [.. roles.Where(role => role[0] == '@').Select(role => role[1..])],
        };
    });

    private static IEnumerable<AppPlan> ManagedIdentities(ulong seed) => Enumerable.Range(1, 22).Select(number => new AppPlan
    {
        Name = Hash.Pick(Hash.Mix(seed, 60, (ulong)number), ["func-assets", "aks-nodes", "logic-briefs", "vm-render", "adf-media"]) + $"-{number:00}",
        Id = StableGuid.Named(seed, RowKind.ServicePrincipal, "managed identity " + number),
        AppId = StableGuid.Named(seed, RowKind.AppId, "managed identity " + number),
        Type = "ManagedIdentity",
        GraphRoles = number % 4 == 0 ? ["Sites.Selected"] : number % 7 == 0 ? ["User.Read.All"] : [],
    });

    private static IEnumerable<AppPlan> Agents(ulong seed, Guid tenantId) =>
        ((string[])["Brief writer", "Media plan checker", "Tone reviewer", "Newsletter drafter", "Copilot campaign analyst", "Translation agent"])
        .Select((name, index) => new AppPlan
        {
            Name = name,
            Id = StableGuid.Named(seed, RowKind.ServicePrincipal, "agent " + name),
            Type = "ServiceIdentity",
            OwnerTenantId = index % 2 == 0 ? tenantId : null,
            AgentBlueprintId = StableGuid.Named(seed, RowKind.AppId, "blueprint " + (index % 3)),
            StartsAt = index > 3 ? index + 2 : null,
            UsersFirst = index,
            UsersLast = index + 2,
            Scopes = "User.Read Files.Read",
        });

    private static IEnumerable<AppPlan> Hostile(ulong seed) => DataFiles.Lines("hostile").Select((line, index) =>
        Outside(seed, DataFiles.Unescape(line), $"hostile{index}.example", "-") with
        {
            UsersFirst = 1 + (index % 3),
            UsersLast = 1 + (index % 3),
            Scopes = ScopeSets.Named(index % 4 == 0 ? "mail" : "sign"),
        });

    /// <summary>An app of another organisation; a dash stands for an app id that is not publicly known.</summary>
    private static AppPlan Outside(ulong seed, string name, string host, string appId) => new()
    {
        Name = name,
        Host = host,
        Id = StableGuid.Named(seed, RowKind.ServicePrincipal, name + "/" + host),
        AppId = appId == "-" ? StableGuid.Named(seed, RowKind.AppId, name + "/" + host) : Guid.Parse(appId),
        OwnerTenantId = StableGuid.Named(seed, RowKind.OwnerTenant, host),
    };
}
