using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;
using Governance.Core.Scans.Records;
using Governance.State.Contract;

namespace Governance.Core.Tests.Scans.Records;

public sealed class AppRecordsTests
{
    private static readonly DateTimeOffset Start = SampleScans.Start;

    [Fact]
    public void Apps_of_several_packs_read_back_as_they_were()
    {
        var apps = SampleScans.First(SampleScans.Tenant, apps: (2 * AppPack.Size) + 1).Apps;

        var records = AppRecords.Of(apps.Reverse(), Start);

        Assert.Equal(apps.Length, records.Count);
        Assert.Equal(Plain.Of(apps), Plain.Of(records.Read()));
        Assert.Equal(Plain.Of(apps), Plain.Of(records.Read()));
        Assert.Equal(Plain.Of([apps[70]]), Plain.Of(records.Read(new HashSet<Guid> { apps[70].Id })));
    }

    [Fact]
    public void A_record_that_is_kept_is_left_out_and_still_counts()
    {
        var apps = SampleScans.First(SampleScans.Tenant, apps: 10).Apps;
        var known = AppRecords.Of(apps, Start).Known.ToDictionary(app => app.Id);
        var later = Start.AddDays(1);

        var records = AppRecords.Of(
            apps.Select((app, n) => app with { LastSeen = n == 4 ? Start : later, Standing = n == 7 ? app.Standing with { Reason = "another" } : app.Standing }), later, known);

        Assert.Equal([apps[4].Id, apps[7].Id], records.All.Where(record => record.Body is not null).Select(record => record.App.Id));
        Assert.Equal(apps.Select(app => app.Id), records.Known.Select(app => app.Id));
        Assert.Equal((Start, null), (records.All.ElementAt(4).LastSeen, records.All.ElementAt(5).LastSeen));
    }

    [Fact]
    public void Permissions_read_back_in_order_with_their_kind_and_width_and_equal_ones_are_one_object()
    {
        var graph = Guid.NewGuid();
        HeldPermission[] held =
        [
            new(PermissionKind.Delegated, Some.Id(1), graph, "API", "a", false),
            new(PermissionKind.Delegated, Some.Id(1), graph, "API", "b", true),
            new(PermissionKind.Delegated, Some.Id(2), graph, "API", "a", false),
            new(PermissionKind.Delegated, Some.Id(2), null, "API", "a", true),
            new(PermissionKind.Application, Some.Id(2), null, "API", "a", true),
        ];
        var one = Some.Assessed(1) with { Permissions = [.. held.Select(PermissionTable.BuiltIn.Rate)] };
        one = one with { App = one.App with { Permissions = [.. held] } };
        var other = one with { App = one.App with { Principal = Some.Principal(2) } };

        var read = AppRecords.Of([one, other], one.LastSeen).Read().ToArray();

        Assert.All(read, app => Assert.Equal(held, app.App.Permissions.AsEnumerable()));
        Assert.All(read, app => Assert.Equal(one.Permissions.AsEnumerable(), app.Permissions.AsEnumerable()));
        Assert.Same(read[0].App.Permissions[1], read[1].App.Permissions[1]);
        Assert.Same(read[0].Permissions[1], read[1].Permissions[1]);
    }

    [Fact]
    public void An_app_without_permissions_has_none_afterwards()
    {
        AssessedApp app = Some.Assessed(1) with { Permissions = [] };
        app = app with { App = app.App with { Permissions = [] } };

        var read = Assert.Single(AppRecords.Of([app], app.LastSeen).Read());

        Assert.Empty(read.Permissions);
        Assert.Empty(read.App.Permissions);
    }
}
