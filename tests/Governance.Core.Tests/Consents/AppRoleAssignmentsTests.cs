using System.Buffers.Text;
using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

public sealed class AppRoleAssignmentsTests
{
    private static readonly DateTimeOffset Then = new(2026, 2, 2, 4, 22, 45, TimeSpan.Zero);

    [Fact]
    public void Rows_come_back_as_they_were_whatever_their_id()
    {
        AppRoleAssignment[] rows =
        [
            new("plain", Id(1), Id(2), AssigneeKind.User, Id(3), null),
            new(Usual(Id(2), Id(77)), Id(1), Id(2), AssigneeKind.Group, Guid.Empty, Then),
            new(Usual(Id(9), Id(77)), Id(1), Id(5), AssigneeKind.ServicePrincipal, Id(3), Then.AddTicks(7)),
            new(string.Empty, Id(4), Id(5), AssigneeKind.Unknown, Id(3), Then),
        ];

        var read = new AppRoleAssignments(rows);

        Assert.Equal(rows.OrderBy(row => row.ResourceId).ThenBy(row => row.PrincipalId).ThenBy(row => row.RoleId), read.All);
        Assert.Equal(3, read.On(Id(1)).Count);
        Assert.Empty(read.On(Id(8)));
    }

    [Fact]
    public void The_order_of_rows_leaves_no_trace_and_doubles_count_once()
    {
        var rows = Enumerable.Range(0, 300)
            .Select(i => new AppRoleAssignment(i % 4 == 0 ? $"id-{i % 30}" : Usual(Id(i % 30), Id(i % 30)), Id(i % 3), Id(i % 30), AssigneeKind.ServicePrincipal, Id(i % 2), i % 5 == 0 ? null : Then.AddDays(i % 5)))
            .ToArray();
        var straight = new AppRoleAssignments(rows);

        foreach (var seed in Enumerable.Range(1, 20))
        {
            var shuffled = rows.ToArray();
            new Random(seed).Shuffle(shuffled);

            Assert.Equal(straight.All, new AppRoleAssignments(shuffled).All);
        }

        Assert.Equal(rows.DistinctBy(row => (row.Id, row.ResourceId, row.PrincipalId, row.RoleId)).Count(), straight.Count);
    }

    [Fact]
    public void Holders_are_service_principals_with_more_than_default_access()
    {
        var read = new AppRoleAssignments(
        [
            new("a", Id(1), Id(20), AssigneeKind.ServicePrincipal, Id(3), null),
            new("b", Id(2), Id(20), AssigneeKind.ServicePrincipal, Id(4), null),
            new("c", Id(1), Id(10), AssigneeKind.ServicePrincipal, Id(3), null),
            new("d", Id(1), Id(30), AssigneeKind.ServicePrincipal, Guid.Empty, null),
            new("e", Id(1), Id(40), AssigneeKind.User, Id(3), null),
        ]);

        Assert.Equal([Id(10), Id(20)], read.Holders);
        Assert.Equal(["a", "b"], read.HeldBy(Id(20)).Select(row => row.Id));
        Assert.Empty(read.HeldBy(Id(30)));
        Assert.Empty(AppRoleAssignments.Empty.HeldBy(Id(1)));
    }

    private static string Usual(Guid principal, Guid tail) => Base64Url.EncodeToString([.. principal.ToByteArray(), .. tail.ToByteArray()]);

    private static Guid Id(int number) => new(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8);
}
