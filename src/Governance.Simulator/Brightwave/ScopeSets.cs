namespace Governance.Simulator.Brightwave;

/// <summary>The bundles of scopes that apps ask for, by the short names used in the data files.</summary>
internal static class ScopeSets
{
    public static string Named(string name) => name switch
    {
        "sign" => "openid profile email User.Read",
        "cal" => "User.Read Calendars.ReadWrite offline_access",
        "notes" => "User.Read Calendars.Read OnlineMeetings.Read offline_access",
        "mail" => "User.Read Mail.Read offline_access",
        "mailw" => "User.Read Mail.ReadWrite Mail.Send offline_access",
        "files" => "User.Read Files.Read.All offline_access",
        "filesw" => "User.Read Files.ReadWrite.All Sites.Read.All offline_access",
        "crm" => "User.Read Contacts.ReadWrite Mail.Send Calendars.ReadWrite offline_access",
        "chat" => "User.Read Chat.Read ChannelMessage.Send",
        _ => throw new FormatException($"unknown scope set '{name}'"),
    };

    /// <summary>The same scopes with the oddities of real rows: stray blanks, repeats, old names, other letter case.</summary>
    public static string Raw(string scopes, ulong hash) => (hash % 50) switch
    {
        < 5 => " " + scopes,
        5 or 6 => scopes.Replace(" ", "  "),
        7 or 8 => scopes + " ",
        9 => scopes + " User.Read",
        10 => scopes + " Legacy.Campaign.Sync",
        11 => scopes.ToLowerInvariant(),
        _ => scopes,
    };
}
