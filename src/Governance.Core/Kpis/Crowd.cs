using Governance.Core.Consents;

namespace Governance.Core.Kpis;

/// <summary>Everyone a tenant's consents can reach, one number a person, so that a set of people is a row of bits.</summary>
/// <remarks>Numbers: the row among the users read; behind those, principals of grants and assignees that are not among them.</remarks>
internal sealed class Crowd
{
    private readonly Inventory _inventory;
    private readonly int[] _personOf;
    private readonly Dictionary<Guid, int> _assignees = [];
    private readonly int _size;

    public Crowd(Inventory inventory)
    {
        _inventory = inventory;
        var principals = inventory.Grants.Principals;
        _personOf = new int[principals.Length];
        for (var at = 0; at < principals.Length; at++)
        {
            var row = inventory.Users.RowOf(principals[at]);
            _personOf[at] = row >= 0 ? row : inventory.Users.Count + at;
        }

        var next = inventory.Users.Count + principals.Length;
        foreach (var assignment in inventory.Assignments.All)
        {
            if (assignment.Assignee == AssigneeKind.User && inventory.Users.RowOf(assignment.PrincipalId) < 0
                && principals.BinarySearch(assignment.PrincipalId) < 0 && _assignees.TryAdd(assignment.PrincipalId, next))
            {
                next++;
            }
        }

        _size = next;
        Reachable = Nobody();
        for (var row = 0; row < inventory.Users.Count; row++)
        {
            if (inventory.Users[row].Reachable)
            {
                Reachable.Add(row);
            }
        }
    }

    /// <summary>Enabled members: whom a consent for every user covers.</summary>
    public People Reachable { get; }

    public People Nobody() => new(_size);

    /// <summary>Adds whom the delegated grants of an app reach, as <see cref="Reach.Users"/> counts them.</summary>
    public void AddReached(ConsentedApp app, People people)
    {
        foreach (var principal in _inventory.Grants.PrincipalColumn[_inventory.Grants.RowsOf(app.Principal.Id)])
        {
            if (principal != DelegatedPermissionGrants.TenantWide)
            {
                people.Add(_personOf[principal]);
            }
        }

        if (app.Reach.TenantWide && app.Principal.AssignmentRequired)
        {
            AddAssigned(app.Principal.Id, people);
        }
        else if (app.Reach.TenantWide)
        {
            people.Add(Reachable);
        }
    }

    /// <summary>People whose department is one of those watched.</summary>
    public People InDepartments(Departments departments)
    {
        var names = departments.OfInterest.Select(department => department.Name).ToHashSet(StringComparer.Ordinal);
        return Whose(departments, names.Contains);
    }

    /// <summary>People whose department, by the name reports use, is one of those asked for.</summary>
    public People Whose(Departments departments, Func<string, bool> asked)
    {
        var texts = _inventory.Users.Departments.ToArray().Select(text => departments.NameOf(text) is { } name && asked(name)).ToArray();
        var people = Nobody();
        var column = _inventory.Users.DepartmentColumn;
        for (var row = 0; row < column.Length; row++)
        {
            if (column[row] >= 0 && texts[column[row]])
            {
                people.Add(row);
            }
        }

        return people;
    }

    private void AddAssigned(Guid app, People people)
    {
        foreach (var assignment in _inventory.Assignments.On(app))
        {
            if (assignment.Assignee is AssigneeKind.User or AssigneeKind.Unknown && NumberOf(assignment.PrincipalId) is { } person)
            {
                people.Add(person);
            }
        }
    }

    private int? NumberOf(Guid id)
    {
        if (_inventory.Users.RowOf(id) is >= 0 and var row)
        {
            return row;
        }

        if (_inventory.Grants.Principals.BinarySearch(id) is >= 0 and var principal)
        {
            return _personOf[principal];
        }

        return _assignees.TryGetValue(id, out var number) ? number : null;
    }

    /// <summary>A set of people as bits.</summary>
    internal sealed class People(int size)
    {
        private readonly ulong[] _bits = new ulong[(size + 63) / 64];

        public int Count => _bits.Sum(word => System.Numerics.BitOperations.PopCount(word));

        public void Add(int person) => _bits[person >> 6] |= 1UL << (person & 63);

        public void Add(People others)
        {
            for (var word = 0; word < _bits.Length; word++)
            {
                _bits[word] |= others._bits[word];
            }
        }

        /// <returns>A new set of both.</returns>
        public People With(People others)
        {
            var both = new People(size);
            both.Add(this);
            both.Add(others);
            return both;
        }

        /// <summary>How many of these are among others too.</summary>
        public int CountIn(People others)
        {
            var count = 0;
            for (var word = 0; word < _bits.Length; word++)
            {
                count += System.Numerics.BitOperations.PopCount(_bits[word] & others._bits[word]);
            }

            return count;
        }
    }
}
