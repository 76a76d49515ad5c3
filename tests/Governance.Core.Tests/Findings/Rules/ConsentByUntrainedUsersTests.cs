using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Tests.Findings.Rules;

public class ConsentByUntrainedUsersTests
{
    private static readonly Inventory Read = Some.Inventory(grants: Some.Grants(
        Some.Grant(1, 11, "User.Read"), Some.Grant(1, 12, "User.Read"), Some.Grant(1, null, "User.Read"), Some.Grant(2, 13, "User.Read")));

    [Fact]
    public void Users_outside_the_training_group_are_counted_without_names()
    {
        var inventory = Read with { TrainedUsers = [Some.Id(11)] };

        var violation = Assert.IsType<Verdict.Violation>(new ConsentByUntrainedUsers().Judge(Some.Assessed(1), Some.Context(inventory)));

        Assert.Contains(new EvidenceItem("untrained users", "1"), violation.Evidence);
        Assert.DoesNotContain(violation.Evidence, item => item.Value.Contains(Some.Id(12).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Trained_users_pass()
    {
        var inventory = Read with { TrainedUsers = [Some.Id(11), Some.Id(12)] };

        Assert.IsType<Verdict.Pass>(new ConsentByUntrainedUsers().Judge(Some.Assessed(1), Some.Context(inventory)));
    }

    [Fact]
    public void Without_the_members_of_the_group_it_is_not_assessed()
    {
        Assert.IsType<Verdict.NotAssessed>(new ConsentByUntrainedUsers().Judge(Some.Assessed(1), Some.Context(Read)));
    }
}
