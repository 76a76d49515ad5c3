namespace Governance.Core.Consents;

/// <summary>Changes of users in the order heard; of several for one user the last stands.</summary>
public sealed class UserChanges
{
    private readonly Dictionary<Guid, DirectoryUser?> _changes = [];

    public void Put(DirectoryUser user) => _changes[user.Id] = user;

    public void Remove(Guid id) => _changes[id] = null;

    /// <summary>The users as they are after the changes.</summary>
    public Users ApplyTo(Users before)
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
