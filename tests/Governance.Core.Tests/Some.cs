using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Tests;

/// <summary>Makes facts for tests; whatever a test does not name has a harmless default.</summary>
internal static partial class Some
{
    public static readonly DateTimeOffset Moment = new(2026, 4, 1, 2, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Day = new(2026, 4, 1);
    public static readonly Guid TenantId = Guid.Parse("11111111-0000-4000-8000-000000000001");
    public static readonly Guid VendorTenantId = Guid.Parse("22222222-0000-4000-8000-000000000002");
    public static readonly Guid GraphAppId = Guid.Parse("00000003-0000-0000-c000-000000000000");
    public static readonly Guid GraphId = Id(900_001);

    /// <summary>A GUID made of a number; greater numbers sort behind smaller ones.</summary>
    public static Guid Id(int number) => new(number, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 1]);

    public static ServicePrincipal Principal(
        int number = 1,
        string name = "Chat Tool",
        bool verified = true,
        Guid? ownerTenant = null,
        bool assignmentRequired = false) => new()
        {
            Id = Id(number),
            AppId = Id(100_000 + number),
            DisplayName = name,
            OwnerTenantId = ownerTenant ?? VendorTenantId,
            Type = "Application",
            Enabled = true,
            VerifiedPublisher = verified ? new VerifiedPublisher("Vendor Ltd", "1234567", null) : null,
            AssignmentRequired = assignmentRequired,
        };

    /// <summary>The service principal of Microsoft Graph.</summary>
    public static ServicePrincipal Graph(params (Guid Id, string? Value)[] roles) => new()
    {
        Id = GraphId,
        AppId = GraphAppId,
        DisplayName = "Microsoft Graph",
        OwnerTenantId = Guid.Parse("f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
        AppRoles = [.. roles.Select(role => new AppRole(role.Id, role.Value))],
    };

    public static HeldPermission Scope(string value, bool tenantWide = false, Guid? resourceAppId = null) =>
        new(PermissionKind.Delegated, GraphId, resourceAppId ?? GraphAppId, "Microsoft Graph", value, tenantWide);

    public static HeldPermission Role(string value, Guid? resourceAppId = null) =>
        new(PermissionKind.Application, GraphId, resourceAppId ?? GraphAppId, "Microsoft Graph", value, true);

    public static Reach Reach(int users = 1, bool tenantWide = false, params (string Department, int Users)[] departments) => new(
        users,
        tenantWide,
        departments.ToImmutableSortedDictionary(entry => entry.Department, entry => entry.Users, StringComparer.Ordinal),
        users - departments.Sum(entry => entry.Users),
        true);

    /// <summary>An app that one user consented to, with <c>User.Read</c> unless told otherwise.</summary>
    public static ConsentedApp App(
        ServicePrincipal? principal = null,
        IEnumerable<HeldPermission>? permissions = null,
        Reach? reach = null,
        DateTimeOffset? lastSignIn = null,
        bool signInsKnown = true,
        bool firstParty = false)
    {
        var held = (permissions ?? [Scope("User.Read")]).ToImmutableArray();
        return new ConsentedApp(
            principal ?? Principal(),
            firstParty,
            held,
            reach ?? Reach(),
            held.Count(permission => permission.Kind == PermissionKind.Delegated),
            held.Count(permission => permission.Kind == PermissionKind.Application),
            lastSignIn,
            signInsKnown);
    }

    public static AiAssessment Ai(
        AiVerdict verdict = AiVerdict.Ai,
        string? product = "Chat Tool",
        IdentityProof proof = IdentityProof.Domain,
        double confidence = 0.95,
        bool isInternal = false) =>
        new(verdict, confidence, product is null ? null : "assistant", product is null ? null : "Vendor", product, proof, isInternal, []);

    public static Classification Classification(
        AiAssessment? ai = null, Lookalike? lookalike = null, bool firstParty = false, string? abusedElsewhere = null) =>
        new(ai ?? Ai(), lookalike, firstParty, abusedElsewhere);

    public static Lookalike Lookalike(string imitates = "Chat Tool", string technique = "confusable") => new(imitates, technique, []);

    public static ToolReference Tool(string name = "Chat Tool") => new(name, null, null);

    public static ToolApproval Approval(
        ToolReference? tool = null,
        string[]? permissions = null,
        string[]? departments = null,
        bool tenantWide = false,
        DateOnly? expiresOn = null,
        DateOnly? reviewBy = null,
        DateOnly? approvedOn = null) =>
        new(
            tool ?? Tool(),
            permissions is null ? null : ImmutableArray.Create(permissions),
            departments is null ? null : ImmutableArray.Create(departments),
            tenantWide,
            approvedOn,
            reviewBy,
            expiresOn,
            null,
            null);

    public static GovernancePolicy Policy(
        ToolApproval[]? approved = null, ToolDenial[]? denied = null, ToolReview[]? underReview = null, DepartmentOfInterest[]? departments = null) =>
        new(
            "000000000000",
            [.. departments ?? [new DepartmentOfInterest("Marketing", ["Brand"])]],
            [.. approved ?? []],
            [.. denied ?? []],
            [.. underReview ?? []],
            ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal),
            null);

    public static DelegatedPermissionGrant Grant(int client, int? user, string scope, Guid? resource = null) =>
        new(string.Empty, Id(client), resource ?? GraphId, user is { } number ? Id(number) : null, scope);

    public static DelegatedPermissionGrants Grants(params DelegatedPermissionGrant[] grants)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        foreach (var grant in grants)
        {
            builder.Add(grant);
        }

        return builder.Build();
    }

    public static DirectoryUser User(int number, string? department = "Marketing", bool? enabled = true, bool guest = false) =>
        new(Id(number), department, enabled, guest);

    public static AppRoleAssignment Assignment(
        Guid resource, Guid principal, Guid role, AssigneeKind assignee = AssigneeKind.ServicePrincipal) =>
        new($"{resource:N}-{principal:N}-{role:N}", resource, principal, assignee, role, null);

    /// <summary>An inventory of which every part was read whole, except those named.</summary>
    public static Inventory Inventory(
        IEnumerable<ServicePrincipal>? principals = null,
        DelegatedPermissionGrants? grants = null,
        IEnumerable<DirectoryUser>? users = null,
        IEnumerable<AppRoleAssignment>? assignments = null,
        IEnumerable<SignInActivity>? signIns = null,
        params InventoryPart[] partial) => new()
        {
            Organization = new Organization(TenantId, "Brightwave", "DE"),
            ReadAt = Moment,
            ServicePrincipals = [.. (principals ?? []).OrderBy(principal => principal.Id)],
            Grants = grants ?? DelegatedPermissionGrants.Empty,
            Users = Users.From(users ?? []),
            Assignments = new AppRoleAssignments(assignments ?? []),
            SignIns = [.. signIns ?? []],
            Parts = Parts(partial),
        };

    public static ImmutableArray<PartReading> Parts(params InventoryPart[] partial) =>
    [
        .. Enum.GetValues<InventoryPart>().Select(part => partial.Contains(part)
            ? new PartReading(part, PartStatus.Partial, 1, null, 1, 1, "cut short", null)
            : new PartReading(part, PartStatus.Complete, 1, null, 1, 1, null, null)),
    ];
}
