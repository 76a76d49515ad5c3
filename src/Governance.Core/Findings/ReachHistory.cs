using System.Collections.Immutable;

namespace Governance.Core.Findings;

/// <summary>Keeps how many users an app reached, so that a rise over a window can be seen.</summary>
/// <remarks>Only changes are kept, one a day at most: an app that stays as it is leaves the same record every night.</remarks>
internal static class ReachHistory
{
    /// <summary>Adds today's number; an uncertain number (parts not read whole) is not kept, since it would fake a rise later.</summary>
    /// <param name="window">Days to look back; older entries go, but for the one in force at the window's begin.</param>
    public static ImmutableArray<UsersFrom> With(ImmutableArray<UsersFrom> before, DateOnly today, int users, bool certain, int window)
    {
        var kept = before.IsDefault ? [] : before;
        if (certain)
        {
            kept = kept.RemoveAll(entry => entry.Day >= today);
            if (kept.IsEmpty || kept[^1].Users != users)
            {
                kept = kept.Add(new UsersFrom(today, users));
            }
        }

        var begin = today.AddDays(-window);
        while (kept.Length > 1 && kept[1].Day <= begin)
        {
            kept = kept.RemoveAt(0);
        }

        return kept;
    }

    /// <returns>Users on a day; null when nothing is known of that day.</returns>
    public static int? On(ImmutableArray<UsersFrom> history, DateOnly day)
    {
        int? users = null;
        foreach (var entry in history)
        {
            if (entry.Day <= day)
            {
                users = entry.Users;
            }
        }

        return users;
    }
}
