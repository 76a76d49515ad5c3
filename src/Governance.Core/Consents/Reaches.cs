using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Counts whom the delegated consents of each app reach.</summary>
/// <remarks>
/// Every person has one number, so that a mark array tells who was counted: the row among the users read, and behind those
/// the places of principals that are not among them.
/// </remarks>
internal sealed class Reaches
{
    private readonly Inventory _inventory;
    private readonly int[] _personOf;

    /// <summary>Department names in use, sorted ordinally.</summary>
    private readonly string[] _departments;
    private readonly int[] _departmentOf;
    private readonly int[] _everyoneByDepartment;
    private readonly Reach _everyone;
    private readonly bool _grantsRead;
    private readonly bool _usersRead;
    private readonly bool _assignmentsRead;

    public Reaches(Inventory inventory, Departments departments)
    {
        _inventory = inventory;
        _grantsRead = inventory.Part(InventoryPart.Oauth2PermissionGrants).Complete;
        _usersRead = inventory.Part(InventoryPart.Users).Complete;
        _assignmentsRead = inventory.Part(InventoryPart.AppRoleAssignments).Complete;

        var users = inventory.Users;
        _personOf = new int[inventory.Grants.Principals.Length];
        for (var principal = 0; principal < _personOf.Length; principal++)
        {
            var row = users.RowOf(inventory.Grants.Principals[principal]);
            _personOf[principal] = row >= 0 ? row : users.Count + principal;
        }

        var names = new string?[users.Departments.Length];
        for (var text = 0; text < names.Length; text++)
        {
            names[text] = departments.NameOf(users.Departments[text]);
        }

        _departments = [.. names.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _departmentOf = [.. names.Select(name => name is null ? -1 : Array.BinarySearch(_departments, name, StringComparer.Ordinal))];
        _everyoneByDepartment = new int[_departments.Length];
        var everyone = 0;
        for (var row = 0; row < users.Count; row++)
        {
            if (users[row].Reachable)
            {
                everyone++;
                if (Department(row) is >= 0 and var department)
                {
                    _everyoneByDepartment[department]++;
                }
            }
        }

        _everyone = Result(everyone, true, _everyoneByDepartment, _grantsRead && _usersRead);
    }

    /// <summary>Work space for one thread.</summary>
    public ReachCounter Counter() => new(this);

    /// <returns>Place of the person's department in <see cref="_departments"/>; -1 when it is unknown.</returns>
    private int Department(int person) =>
        person < _inventory.Users.Count && _inventory.Users.DepartmentColumn[person] is >= 0 and var text ? _departmentOf[text] : -1;

    private Reach Result(int users, bool tenantWide, int[] byDepartment, bool certain)
    {
        var departments = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < byDepartment.Length; i++)
        {
            if (byDepartment[i] > 0)
            {
                departments.Add(_departments[i], byDepartment[i]);
            }
        }

        return new Reach(users, tenantWide, departments.ToImmutable(), users - byDepartment.Sum(), certain);
    }

    internal sealed class ReachCounter(Reaches all)
    {
        private readonly int[] _seen = new int[all._inventory.Users.Count + all._personOf.Length];
        private readonly int[] _byDepartment = new int[all._departments.Length];
        private int _stamp;
        private int _users;

        public Reach Of(ServicePrincipal principal, Range rows)
        {
            var tenantWide = TenantWide(rows);
            if (rows.End.Value == rows.Start.Value)
            {
                return all._grantsRead ? Reach.Nobody : Reach.Nobody with { Certain = false };
            }

            _stamp++;
            _users = 0;
            Array.Clear(_byDepartment);
            var certain = all._grantsRead;
            var everyone = tenantWide && !principal.AssignmentRequired;
            if (everyone)
            {
                certain &= all._usersRead && KnownToNeedNoAssignment(principal);
            }
            else if (tenantWide)
            {
                certain &= CountAssigned(principal.Id) && all._assignmentsRead;
            }

            CountOwn(rows, everyone);
            if (!everyone)
            {
                return all.Result(_users, tenantWide, _byDepartment, certain);
            }

            if (_users == 0)
            {
                return all._everyone with { Certain = certain };
            }

            for (var i = 0; i < _byDepartment.Length; i++)
            {
                _byDepartment[i] += all._everyoneByDepartment[i];
            }

            return all.Result(_users + all._everyone.Users, true, _byDepartment, certain);
        }

        /// <summary>False when the app's own record was not read: whether it asks for assignment is then unknown.</summary>
        private bool KnownToNeedNoAssignment(ServicePrincipal principal) =>
            principal.Orphan || all._inventory.ServicePrincipals.BinarySearch(principal, ById.Instance) >= 0;

        private bool TenantWide(Range rows)
        {
            foreach (var principal in all._inventory.Grants.PrincipalColumn[rows])
            {
                if (principal == DelegatedPermissionGrants.TenantWide)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Counts users with a grant of their own; with <paramref name="beyondEveryone"/> only those not reached anyway.</summary>
        private void CountOwn(Range rows, bool beyondEveryone)
        {
            foreach (var principal in all._inventory.Grants.PrincipalColumn[rows])
            {
                if (principal == DelegatedPermissionGrants.TenantWide)
                {
                    continue;
                }

                var person = all._personOf[principal];
                if (!beyondEveryone || person >= all._inventory.Users.Count || !all._inventory.Users[person].Reachable)
                {
                    Count(person);
                }
            }
        }

        /// <returns>False when a group or an unknown principal is assigned: its members cannot be counted.</returns>
        private bool CountAssigned(Guid app)
        {
            var allKnown = true;
            var lastUnread = Guid.Empty;
            foreach (var assignment in all._inventory.Assignments.On(app))
            {
                var row = all._inventory.Users.RowOf(assignment.PrincipalId);
                var principal = row >= 0 ? -1 : all._inventory.Grants.Principals.BinarySearch(assignment.PrincipalId);
                if (row >= 0)
                {
                    Count(row);
                }
                else if (assignment.Assignee != AssigneeKind.User)
                {
                    allKnown &= assignment.Assignee == AssigneeKind.ServicePrincipal;
                }
                else if (principal >= 0)
                {
                    Count(all._inventory.Users.Count + principal);
                }
                else if (assignment.PrincipalId != lastUnread)
                {
                    // Rows of one resource are sorted by principal, so doubles follow each other.
                    lastUnread = assignment.PrincipalId;
                    _users++;
                }
            }

            return allKnown;
        }

        private void Count(int person)
        {
            if (_seen[person] == _stamp)
            {
                return;
            }

            _seen[person] = _stamp;
            _users++;
            if (all.Department(person) is >= 0 and var department)
            {
                _byDepartment[department]++;
            }
        }

        private sealed class ById : IComparer<ServicePrincipal>
        {
            public static readonly ById Instance = new();

            public int Compare(ServicePrincipal? x, ServicePrincipal? y) => (x?.Id ?? default).CompareTo(y?.Id ?? default);
        }
    }
}
