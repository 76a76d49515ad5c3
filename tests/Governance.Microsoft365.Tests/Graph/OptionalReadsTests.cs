using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>What is read on demand: there, empty, not permitted and not licensed are four different answers (GS-1, GS-2).</summary>
public sealed class OptionalReadsTests
{
    [Theory]
    [InlineData(UserConsentPolicy.Nothing)]
    [InlineData(UserConsentPolicy.Nothing, "ManagePermissionGrantsForOwnedResource.microsoft-dynamically-managed-permissions-for-team")]
    [InlineData(UserConsentPolicy.AnyApp, "ManagePermissionGrantsForSelf.microsoft-user-default-legacy")]
    [InlineData(UserConsentPolicy.AnyApp, "managePermissionGrantsForSelf.microsoft-user-default-low", "managePermissionGrantsForSelf.Microsoft-User-Default-Legacy")]
    [InlineData(UserConsentPolicy.VerifiedAndLow, "ManagePermissionGrantsForSelf.microsoft-user-default-low")]
    [InlineData(UserConsentPolicy.Other, "ManagePermissionGrantsForSelf.microsoft-user-default-recommended")]
    [InlineData(UserConsentPolicy.Other, "ManagePermissionGrantsForSelf.our-own")]
    public async Task The_consent_policy_in_force_is_told_from_what_the_tenant_assigns(UserConsentPolicy expected, params string[] assigned)
    {
        var tenant = ReferenceTenant.Create();
        tenant.Change(change => change.AllowUserConsent([.. assigned]));

        var reading = await ReadAsync(tenant);

        Assert.Equal(expected, reading.Inventory.UserConsent);
        Assert.Empty(reading.Notes);
    }

    [Theory]
    [InlineData("403@authorizationPolicy!always", "the consent policy was not read: access denied: needs Policy.Read.All")]
    [InlineData("licence@authorizationPolicy!always", "the consent policy was not read: licence missing: Microsoft Entra ID P1 or P2 is needed")]
    [InlineData("404@authorizationPolicy!always", "the consent policy was not read: not offered by this endpoint (404 Request_ResourceNotFound)")]
    [InlineData("500@authorizationPolicy!always", "the consent policy was not read: server error 500")]
    public async Task A_consent_policy_that_cannot_be_read_is_unknown_and_not_lax(string fault, string note)
    {
        var reading = await ReadAsync(ReferenceTenant.Create(), fault);

        Assert.Null(reading.Inventory.UserConsent);
        Assert.Equal(note, Assert.Single(reading.Notes));
        Assert.True(reading.Inventory.Complete);
    }

    [Fact]
    public async Task Trained_are_the_members_of_the_group_and_nobody_else()
    {
        var tenant = ReferenceTenant.Create();

        var reading = await ReadAsync(tenant);

        Assert.Equal(tenant.Groups.Single(group => group.Id == ReferenceTenant.TrainingGroup).Members.Order(), reading.Inventory.TrainedUsers!.Order());
        Assert.Empty(reading.Notes);
    }

    [Fact]
    public async Task A_group_without_members_trains_nobody_which_is_known()
    {
        var tenant = ReferenceTenant.Create();
        tenant.Change(change => change.Put(new SimulatedGroup(ReferenceTenant.TrainingGroup, "Trained", [])));

        var reading = await ReadAsync(tenant);

        Assert.Empty(reading.Inventory.TrainedUsers!);
        Assert.Empty(reading.Notes);
    }

    [Theory]
    [InlineData("403@transitiveMembers!always", "the members of the training group were not read: access denied: needs GroupMember.Read.All")]
    [InlineData("licence@transitiveMembers!always", "the members of the training group were not read: licence missing: Microsoft Entra ID P1 or P2 is needed")]
    [InlineData("404@transitiveMembers!always", "the members of the training group were not read: not offered by this endpoint (404 Request_ResourceNotFound)")]
    [InlineData("500@transitiveMembers:2!always", "the members of the training group were not read: server error 500 at page 2")]
    public async Task Members_that_cannot_be_read_whole_are_unknown_and_not_untrained(string fault, string note)
    {
        var reading = await ReadAsync(ReferenceTenant.Create(), fault);

        Assert.Null(reading.Inventory.TrainedUsers);
        Assert.Equal(note, Assert.Single(reading.Notes));
    }

    [Fact]
    public async Task Agents_are_told_with_their_blueprints()
    {
        var tenant = ReferenceTenant.Create();

        var inventory = (await ReadAsync(tenant)).Inventory;

        Assert.Equal(
            tenant.ServicePrincipals.Where(app => app.AgentBlueprintId is not null).Select(app => (app.Id, app.AgentBlueprintId)).Order(),
            inventory.AgentIdentities.Select(agent => (agent.Id, agent.BlueprintId)));
        Assert.Equal((PartStatus.Complete, 5L, 2), (inventory.Part(InventoryPart.AgentIdentities).Status, inventory.Part(InventoryPart.AgentIdentities).Items, inventory.Part(InventoryPart.AgentIdentities).Pages));
    }

    [Fact]
    public async Task A_tenant_without_agents_has_none_which_is_known()
    {
        var inventory = (await ReadAsync(ScaledTenant.Create(new TenantSize(11, 14, 9, 7, 2), seed: 9))).Inventory;

        Assert.Empty(inventory.AgentIdentities);
        Assert.Equal((PartStatus.Complete, 0L), (inventory.Part(InventoryPart.AgentIdentities).Status, inventory.Part(InventoryPart.AgentIdentities).Items));
    }

    [Theory]
    [InlineData("403@microsoft.graph.agentIdentity!always", PartStatus.Unavailable, "access denied: needs AgentIdentity.Read.All")]
    [InlineData("licence@microsoft.graph.agentIdentity!always", PartStatus.Unavailable, "licence missing: Microsoft Entra ID P1 or P2 is needed")]
    [InlineData("404@microsoft.graph.agentIdentity!always", PartStatus.Unavailable, "not offered by this endpoint (404 Request_ResourceNotFound)")]
    [InlineData("500@microsoft.graph.agentIdentity:2!always", PartStatus.Partial, "server error 500 at page 2")]
    public async Task Agents_that_cannot_be_read_say_why_and_hold_up_nothing(string fault, PartStatus status, string reason)
    {
        var inventory = (await ReadAsync(ReferenceTenant.Create(), fault)).Inventory;

        var part = inventory.Part(InventoryPart.AgentIdentities);
        Assert.Equal((status, reason), (part.Status, part.Reason));
        Assert.All(inventory.Parts.Where(other => other != part), other => Assert.True(other.Complete, $"{other}"));
    }

    private static async Task<SourceReading> ReadAsync(SimulatedTenant tenant, params string[] faults)
    {
        var time = new HandSetTime();
        await using var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { TimeProvider = time, LosesRows = false });
        foreach (var fault in faults)
        {
            simulator.Faults.Add(fault);
        }

        var options = ReferenceTenant.Options(simulator.Endpoint);
        if (tenant.Groups.Count == 0)
        {
            options.TrainingGroup = null;
        }

        using var http = GraphTransport.Client(options);
        var source = new GraphConsentSource(http, options, new FixedToken("opaque"), time, NullLogger<GraphConsentSource>.Instance);
        return await source.ReadAsync();
    }
}
