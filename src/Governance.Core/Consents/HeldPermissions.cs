using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Finds the distinct permissions of each app; every distinct scope text is taken apart only once.</summary>
internal sealed class HeldPermissions
{
    private readonly DelegatedPermissionGrants _grants;
    private readonly AppRoleAssignments _assignments;

    /// <summary>Spellings of scope values as received, sorted ordinally.</summary>
    private readonly string[] _spellings;

    /// <summary>For each spelling the number of its value, the same for spellings that differ in case only.</summary>
    private readonly int[] _valueOf;

    /// <summary>For each scope text its spellings.</summary>
    private readonly int[][] _spellingsOf;
    private readonly Dictionary<Guid, Resource> _resources;
    private readonly int _values;

    private sealed record Resource(Guid Id, Guid? AppId, string Name, ImmutableArray<AppRole> Roles);

    public HeldPermissions(Inventory inventory, IEnumerable<ServicePrincipal> principals)
    {
        _grants = inventory.Grants;
        _assignments = inventory.Assignments;
        var parsed = new ImmutableArray<string>[_grants.Scopes.Length];
        for (var text = 0; text < parsed.Length; text++)
        {
            parsed[text] = ScopeText.Values(_grants.Scopes[text]);
        }

        _spellings = [.. parsed.SelectMany(values => values).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var number = new Dictionary<string, int>(_spellings.Length, StringComparer.Ordinal);
        var values = new Dictionary<string, int>(_spellings.Length, StringComparer.OrdinalIgnoreCase);
        _valueOf = new int[_spellings.Length];
        for (var spelling = 0; spelling < _spellings.Length; spelling++)
        {
            number.Add(_spellings[spelling], spelling);
            values.TryAdd(_spellings[spelling], values.Count);
            _valueOf[spelling] = values[_spellings[spelling]];
        }

        _values = values.Count;
        _spellingsOf = [.. parsed.Select(texts => texts.Select(text => number[text]).ToArray())];

        var used = new HashSet<Guid>([.. _grants.Resources, .. _assignments.Resources]);

        _resources = principals
            .Where(principal => used.Contains(principal.Id))
            .ToDictionary(
                principal => principal.Id,
                principal => new Resource(principal.Id, principal.AppId, NameOf(principal), principal.AppRoles));
    }

    /// <summary>Work space for one thread.</summary>
    public PermissionReader Reader() => new(this);

    private static string NameOf(ServicePrincipal principal) => principal.Name.Length > 0 ? principal.Name : principal.Id.ToString();

    private Resource ResourceOf(Guid id) => _resources.TryGetValue(id, out var resource) ? resource : new Resource(id, null, id.ToString(), []);

    internal sealed class PermissionReader(HeldPermissions all)
    {
        private readonly int[] _textSeen = new int[all._spellingsOf.Length];
        private readonly int[] _valueSeen = new int[all._values];
        private readonly int[] _spellingOfValue = new int[all._values];
        private readonly bool[] _wideValue = new bool[all._values];
        private readonly List<int> _found = [];
        private readonly Dictionary<(Guid Resource, int Spelling, bool Wide), HeldPermission> _shared = [];
        private int _stamp;

        /// <param name="appRoles">App role assignments held, default access left out.</param>
        public ImmutableArray<HeldPermission> Of(Guid client, Range rows, out int appRoles)
        {
            var held = new List<HeldPermission>();
            for (var row = rows.Start.Value; row < rows.End.Value;)
            {
                row = AddResource(row, rows.End.Value, held);
            }

            appRoles = AddRoles(client, held);
            held.Sort(Compare);
            return [.. held];
        }

        /// <summary>Adds the scopes of one resource, whose rows follow each other, the tenant-wide one first.</summary>
        /// <returns>The row after them.</returns>
        private int AddResource(int row, int end, List<HeldPermission> held)
        {
            var resource = all._grants.ResourceColumn[row];
            _stamp++;
            _found.Clear();
            for (; row < end && all._grants.ResourceColumn[row] == resource; row++)
            {
                var text = all._grants.ScopeColumn[row];
                if (_textSeen[text] != _stamp)
                {
                    _textSeen[text] = _stamp;
                    AddText(text, all._grants.PrincipalColumn[row] == DelegatedPermissionGrants.TenantWide);
                }
            }

            var id = all._grants.Resources[resource];
            foreach (var value in _found)
            {
                held.Add(Shared(id, _spellingOfValue[value], _wideValue[value]));
            }

            return row;
        }

        private void AddText(int text, bool wide)
        {
            foreach (var spelling in all._spellingsOf[text])
            {
                var value = all._valueOf[spelling];
                if (_valueSeen[value] != _stamp)
                {
                    _valueSeen[value] = _stamp;
                    _spellingOfValue[value] = spelling;
                    _wideValue[value] = wide;
                    _found.Add(value);
                }
                else if (spelling < _spellingOfValue[value])
                {
                    _spellingOfValue[value] = spelling;
                }
            }
        }

        private HeldPermission Shared(Guid resourceId, int spelling, bool wide)
        {
            if (!_shared.TryGetValue((resourceId, spelling, wide), out var held))
            {
                var resource = all.ResourceOf(resourceId);
                held = new HeldPermission(PermissionKind.Delegated, resourceId, resource.AppId, resource.Name, all._spellings[spelling], wide);
                _shared.Add((resourceId, spelling, wide), held);
            }

            return held;
        }

        private int AddRoles(Guid client, List<HeldPermission> held)
        {
            var count = 0;
            HashSet<(Guid, string)>? seen = null;
            foreach (var assignment in all._assignments.HeldBy(client))
            {
                count++;
                var resource = all.ResourceOf(assignment.ResourceId);
                var role = resource.Roles.FirstOrDefault(offered => offered.Id == assignment.RoleId);
                var value = string.IsNullOrWhiteSpace(role?.Value) ? assignment.RoleId.ToString() : role.Value;
                seen ??= [];
                if (seen.Add((assignment.ResourceId, value.ToUpperInvariant())))
                {
                    held.Add(new HeldPermission(PermissionKind.Application, resource.Id, resource.AppId, resource.Name, value, true));
                }
            }

            return count;
        }

        private static int Compare(HeldPermission one, HeldPermission other)
        {
            var order = one.Kind.CompareTo(other.Kind);
            order = order != 0 ? order : string.CompareOrdinal(one.Resource, other.Resource);
            order = order != 0 ? order : string.CompareOrdinal(one.Value, other.Value);
            return order != 0 ? order : one.ResourceId.CompareTo(other.ResourceId);
        }
    }
}
