using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Governance.Core.Policy;

/// <summary>Reads the channels of a policy file (<c>digests</c>).</summary>
internal static partial class DigestSettingReader
{
    public static readonly ImmutableArray<string> Keys =
    [
        "name", "audience", "language", "period", "at", "zone", "url", "urlEnv", "auth", "cloud", "cardVersion", "allowedHosts", "reportUrl", "alerts", "tenants",
    ];

    public static readonly ImmutableArray<string> Audiences = ["executive", "security"];

    /// <summary>The languages that digests are written in; this part of the code may not ask the digest.</summary>
    public static readonly ImmutableArray<string> Languages = ["en", "de", "fr", "zh-Hans"];

    public static readonly ImmutableArray<string> Periods = ["day", "week", "month", "quarter"];

    public static readonly ImmutableArray<string> Auths = ["sas", "entra"];

    public static readonly ImmutableArray<string> Clouds = ["public", "gcc", "gccHigh", "dod", "china"];

    public static readonly ImmutableArray<string> CardVersions = ["1.5", "1.4"];

    /// <param name="zones">Zones that may be named; null to take any name.</param>
    public static ImmutableArray<DigestSetting> Read(PolicyFields top, List<Problem> problems, ZoneNames? zones)
    {
        if (top.Entry("digests") is not { } entry)
        {
            return [];
        }

        if (entry.Value is not PolicyNode.List list)
        {
            top.Note(entry.Value, $"'digests' must be a list, not {entry.Value.Form}; an empty one is written 'digests: []'");
            return [];
        }

        var settings = new Dictionary<string, DigestSetting>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in list.Items)
        {
            if (item is not PolicyNode.Map map)
            {
                top.Note(item, $"a digest must be a group of keys, not {item.Form}");
                continue;
            }

            var setting = Setting(new PolicyFields(map, Keys, problems), map, zones);
            if (!settings.TryAdd(setting.Name, setting) && setting.Name.Length > 0)
            {
                top.Note(item, $"two digests are named '{PolicyFields.Shown(setting.Name)}'");
            }
        }

        return [.. settings.Values];
    }

    private static DigestSetting Setting(PolicyFields fields, PolicyNode.Map map, ZoneNames? zones)
    {
        var name = fields.Text("name");
        if (!fields.Has("name"))
        {
            fields.Note(map, "the digest has no 'name'");
        }
        else if (name is not null && !PlainName().IsMatch(name))
        {
            fields.Note(fields.Entry("name")!.Value, "'name' must be 1 to 60 letters, digits, blanks, dots or dashes");
        }

        CheckAddress(fields, map);
        var period = OneOf(fields, "period", Periods, "week");
        return new DigestSetting(
            name ?? string.Empty,
            OneOf(fields, "audience", Audiences, "executive"),
            OneOf(fields, "language", Languages, "en"),
            Enum.Parse<ReportingPeriod>(period, ignoreCase: true),
            Time(fields),
            Zone(fields, zones),
            fields.Text("url"),
            fields.Text("urlEnv"),
            OneOf(fields, "auth", Auths, "sas"),
            OneOf(fields, "cloud", Clouds, "public"),
            OneOf(fields, "cardVersion", CardVersions, "1.5"),
            fields.Texts("allowedHosts") ?? [],
            Report(fields),
            fields.Choice("alerts") ?? false)
        {
            Tenants = Tenants(fields),
        };
    }

    /// <summary>A signed address is a password, and this file is kept with every scan.</summary>
    private static void CheckAddress(PolicyFields fields, PolicyNode.Map map)
    {
        if (fields.Has("url") == fields.Has("urlEnv"))
        {
            fields.Note(map, "a digest needs either 'urlEnv', the environment variable that holds the workflow's address, or 'url', an address without a signature");
        }
        else if (fields.Text("url") is { } url && url.Contains("sig=", StringComparison.OrdinalIgnoreCase))
        {
            fields.Note(fields.Entry("url")!.Value, "'url' holds a signature (sig=), which is a password: put the address into an environment variable and name that with 'urlEnv'");
        }
        else if (fields.Text("urlEnv") is { } variable && !VariableName().IsMatch(variable))
        {
            fields.Note(fields.Entry("urlEnv")!.Value, "'urlEnv' must be the name of an environment variable, such as TEAMS_WORKFLOW_URL");
        }
    }

    private static string OneOf(PolicyFields fields, string key, ImmutableArray<string> allowed, string usual)
    {
        if (fields.Text(key) is not { } text)
        {
            return usual;
        }

        if (allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        fields.Note(fields.Entry(key)!.Value, $"'{key}' must be {string.Join(", ", allowed.SkipLast(1))} or {allowed[^1]}, not '{PolicyFields.Shown(text)}'");
        return usual;
    }

    private static TimeOnly Time(PolicyFields fields)
    {
        if (fields.Text("at") is { } text)
        {
            if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                return time;
            }

            fields.Note(fields.Entry("at")!.Value, $"'at' must be a time of day such as 07:30, not '{PolicyFields.Shown(text)}'");
        }

        return new TimeOnly(7, 0);
    }

    private static string Zone(PolicyFields fields, ZoneNames? zones)
    {
        if (fields.Text("zone") is { } text)
        {
            var named = ZoneName().IsMatch(text);
            if (named && zones?.Known(text) is not false)
            {
                return text;
            }

            fields.Note(fields.Entry("zone")!.Value, named
                ? $"this machine knows no time zone '{PolicyFields.Shown(text)}'{NearestName.Hint(text, zones!.All)}"
                : $"'zone' must be a name such as Europe/Berlin or UTC, not '{PolicyFields.Shown(text)}'");
        }

        return "UTC";
    }

    /// <summary>An empty list would be read as a channel for nobody by one person and for everybody by another.</summary>
    private static ImmutableArray<Guid>? Tenants(PolicyFields fields)
    {
        if (!fields.Has("tenants"))
        {
            return null;
        }

        if (fields.Texts("tenants") is { IsEmpty: true })
        {
            fields.Note(fields.Entry("tenants")!.Value, "'tenants' must name at least one tenant; leave it out for every tenant that this file judges");
        }

        return fields.Ids("tenants");
    }

    private static Uri? Report(PolicyFields fields)
    {
        if (fields.Text("reportUrl") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0)
        {
            return url;
        }

        fields.Note(fields.Entry("reportUrl")!.Value, "'reportUrl' must be an https address");
        return null;
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd} ._-]{0,59}$")]
    private static partial Regex PlainName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$")]
    private static partial Regex ZoneName();
}
