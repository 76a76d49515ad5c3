using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.State.Contract;

/// <summary>Made-up inventories: the same seed and sizes give the same inventory.</summary>
public static class SampleInventories
{
    private static readonly string[] Scopes = ["openid profile User.Read", " Mail.Read  offline_access", "Files.ReadWrite.All", string.Empty, "Calendars.Read mail.read Mail.Read"];
    private static readonly string?[] DepartmentNames = ["Marketing", "市场部", null, "R&D", "Vertrieb Süd"];

    public static Inventory Of(Guid tenant, int seed, DateTimeOffset readAt, int apps = 12, int users = 40, int grants = 120)
    {
        var random = new Random(seed);
        var appIds = Ids(random, apps);
        var userIds = Ids(random, users);
        return new Inventory
        {
            Organization = new Organization(tenant, "Beispiel & Söhne 营销", "DE"),
            ReadAt = readAt,
            ServicePrincipals = [.. appIds.Select((id, n) => Principal(random, id, n)).OrderBy(principal => principal.Id)],
            Grants = Grants(random, appIds, userIds, grants),
            Assignments = new AppRoleAssignments(Assignments(random, appIds, userIds)),
            Users = Users.From(userIds.Select(id => new DirectoryUser(id, Pick(random, DepartmentNames), Maybe(random), random.Next(9) == 0))),
            ConsentEvents = [.. Enumerable.Range(0, apps).Select(n => Event(random, n, appIds, readAt)).OrderBy(logged => logged.At).ThenBy(logged => logged.Id, StringComparer.Ordinal)],
            ConsentRequests = [new("request-1", Next(random), "Wanted <b>tool</b>", ["Mail.Read"], readAt.AddDays(-3), 2), new("request-2", Next(random), string.Empty, [], null, null)],
            SignIns = [.. appIds.Where(_ => random.Next(2) == 0).Select(id => new SignInActivity(id, readAt.AddHours(-random.Next(5_000)), Maybe(random) is null ? null : readAt)).OrderBy(activity => activity.AppId)],
            AgentIdentities = [.. appIds.Take(3).Select((id, n) => new AgentIdentity(id, n == 0 ? null : userIds[0], n == 1 ? null : id)).OrderBy(agent => agent.Id)],
            TrainedUsers = seed % 3 == 0 ? null : [.. userIds.Where((_, n) => n % 4 == 0)],
            Cursors = seed % 2 == 0 ? null : DeltaCursors.Of(new DeltaCursor($"/v1.0/servicePrincipals/delta?$deltatoken={seed}", readAt), null, null),
            UserConsent = seed % 2 == 0 ? null : UserConsentPolicy.VerifiedAndLow,
            Parts = [.. Enum.GetValues<InventoryPart>().Select(part => new PartReading(part, PartStatus.Complete, 10, 10, 1, 1, null, "/v1.0/x?$skiptoken=a b"))],
        };
    }

    public static Guid Next(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>The same grants given to a builder in another order, less those at <paramref name="without"/>.</summary>
    public static DelegatedPermissionGrants Rebuilt(DelegatedPermissionGrants grants, Random order, params int[] without)
    {
        var rows = Enumerable.Range(0, grants.Count).Except(without).ToArray();
        order.Shuffle(rows);
        var builder = new DelegatedPermissionGrantsBuilder();
        foreach (var row in rows)
        {
            builder.Add(grants[row]);
        }

        return builder.Build();
    }

    private static Guid[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Next(random))];

    private static bool? Maybe(Random random) => random.Next(3) switch { 0 => null, 1 => false, _ => true };

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    private static ServicePrincipal Principal(Random random, Guid id, int n) => new()
    {
        Id = id,
        AppId = random.Next(10) == 0 ? null : Next(random),
        DisplayName = random.Next(10) == 0 ? null : $"App {n} 助手 \u202Egpj.exe",
        AppDisplayName = n % 3 == 0 ? null : $"App {n}",
        OwnerTenantId = n % 4 == 0 ? null : Guid.Parse("11111111-1111-1111-1111-111111111111"),
        Type = Pick(random, ["Application", "ManagedIdentity", null!]),
        Enabled = Maybe(random),
        VerifiedPublisher = n % 2 == 0 ? null : new VerifiedPublisher("Vendor GmbH", n % 3 == 0 ? null : "42", n % 5 == 0 ? null : new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(-7))),
        PublisherName = Pick(random, [null!, "Vendor"]),
        CreatedAt = n % 5 == 0 ? null : new DateTimeOffset(2025, 5, 6, 7, 8, 9, TimeSpan.Zero).AddTicks(n),
        Homepage = n % 2 == 0 ? null : $"https://app{n}.example.ai/",
        ReplyUrls = [.. Enumerable.Range(0, random.Next(4)).Select(m => $"https://app{n}.example.ai/cb/{m}")],
        Tags = n % 2 == 0 ? [] : ["WindowsAzureActiveDirectoryIntegratedApp"],
        AssignmentRequired = n % 7 == 0,
        DisabledByMicrosoft = n % 11 == 0 ? "DisabledDueToViolationOfServicesAgreement" : null,
        AppRoles = n % 6 == 0 ? [new AppRole(Next(random), "Mail.Read"), new AppRole(Next(random), null)] : [],
        Orphan = n % 13 == 0,
    };

    private static DelegatedPermissionGrants Grants(Random random, Guid[] apps, Guid[] users, int count)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        for (var n = 0; n < count; n++)
        {
            var client = Pick(random, apps);
            var resource = apps[random.Next(Math.Min(3, apps.Length))];
            Guid? user = random.Next(20) == 0 || users.Length == 0 ? null : Pick(random, users);
            builder.Add(new DelegatedPermissionGrant(n % 17 == 0 ? $"odd-id-{n}" : GrantId.Of(client, resource, user), client, resource, user, Pick(random, Scopes)));
        }

        return builder.Build();
    }

    private static IEnumerable<AppRoleAssignment> Assignments(Random random, Guid[] apps, Guid[] users)
    {
        for (var n = 0; n < apps.Length; n++)
        {
            var holder = n % 2 == 0 || users.Length == 0 ? apps[n] : Pick(random, users);
            var id = (n % 4) switch { 0 => $"assignment-{n}", 1 => GrantId.Of(holder, Next(random), null), _ => GrantId.Of(Next(random), Next(random), null) };
            yield return new AppRoleAssignment(
                id, Pick(random, apps), holder, Pick(random, Enum.GetValues<AssigneeKind>()), n % 3 == 0 ? Guid.Empty : Next(random), n % 5 == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(n));
        }
    }

    private static ConsentEvent Event(Random random, int n, Guid[] apps, DateTimeOffset readAt) => new(
        $"Directory_{n}", readAt.AddMinutes(-random.Next(50_000)), "Consent to application", n % 2 == 0 ? null : Next(random), Pick(random, apps),
        n % 3 == 0 ? null : Next(random), Maybe(random), Maybe(random), ["Mail.Read"], n % 2 == 0 ? [] : ["User.Read"]);
}
