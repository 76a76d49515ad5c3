using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

public sealed class UsersTests
{
    [Fact]
    public void Users_come_back_sorted_with_what_was_known_of_them()
    {
        DirectoryUser[] users =
        [
            new(Id(3), "Marketing", true, false),
            new(Id(1), null, null, true),
            new(Id(2), "市场部", false, false),
        ];

        var read = Users.From(users);

        Assert.Equal(users.OrderBy(user => user.Id), Enumerable.Range(0, read.Count).Select(row => read[row]));
        Assert.Equal(["Marketing", "市场部"], read.Departments.ToArray());
        Assert.Equal(2, read.RowOf(Id(3)));
        Assert.True(read.RowOf(Id(9)) < 0);
    }

    [Fact]
    public void Of_two_readings_of_one_user_nothing_that_widens_reach_is_lost_whichever_came_first()
    {
        DirectoryUser[] users = [new(Id(1), "Sales", false, true), new(Id(1), "Brand", true, false), new(Id(1), null, null, true)];

        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 1, 0], [1, 0, 2], [2, 0, 1] })
        {
            var read = Users.From(order.Select(i => users[i]));

            Assert.Equal(1, read.Count);
            Assert.Equal(new DirectoryUser(Id(1), "Brand", true, false), read[0]);
        }
    }

    private static Guid Id(int number) => new(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8);
}
