using System.Text;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Users with a round of changes applied.</summary>
internal sealed class ChangedUsers(Users before) : ChangedRows<Users, DirectoryUser>
{
    private readonly UserChanges _changes = new(before);

    public override InventoryPart Part => InventoryPart.Users;

    public override PageRows Reader(Action<DirectoryUser> taken, bool changes) => new UserRows((id, department, enabled, guest) =>
        taken(new DirectoryUser(id, department.IsEmpty ? null : Encoding.UTF8.GetString(department), enabled, guest)));

    public override string IdOf(DirectoryUser row) => row.Id.ToString();

    public override Users Applied() => _changes.Applied();

    public override long Count(Users collection) => collection.Count;

    protected override bool TryMerge(string id, DirectoryUser row, IReadOnlySet<string> named)
    {
        if (_changes.Find(row.Id) is not { } known)
        {
            return false;
        }

        _changes.Put(known with
        {
            Department = named.Contains("department") ? row.Department : known.Department,
            Enabled = named.Contains("accountEnabled") ? row.Enabled : known.Enabled,
            Guest = named.Contains("userType") ? row.Guest : known.Guest,
        });
        return true;
    }

    protected override void Put(DirectoryUser row) => _changes.Put(row);

    protected override void Remove(string id)
    {
        if (Guid.TryParse(id, out var known))
        {
            _changes.Remove(known);
        }
    }
}
