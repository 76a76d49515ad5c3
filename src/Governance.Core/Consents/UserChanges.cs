namespace Governance.Core.Consents;

/// <summary>Changes of users in the order heard; of several for one user the last stands.</summary>
/// <param name="before">The users that the changes are applied to.</param>
public sealed class UserChanges(Users before)
{
    private readonly Dictionary<Guid, DirectoryUser?> _changes = [];

    /// <returns>The user as changed so far; null when there is none of this id, or none any more.</returns>
    public DirectoryUser? Find(Guid id) =>
        _changes.TryGetValue(id, out var changed) ? changed : before.RowOf(id) is >= 0 and var row ? before[row] : null;

    public void Put(DirectoryUser user) => _changes[user.Id] = user;

    public void Remove(Guid id) => _changes[id] = null;

    /// <summary>The users as they are after the changes.</summary>
    public Users Applied()
    {
        if (_changes.Count == 0)
        {
            return before;
        }

        var builder = new UsersBuilder();
        for (var row = 0; row < before.Count; row++)
        {
            var user = before[row];
            if (!_changes.ContainsKey(user.Id))
            {
                builder.Add(user);
            }
        }

        foreach (var user in _changes.Values.OfType<DirectoryUser>())
        {
            builder.Add(user);
        }

        return builder.Build();
    }
}
