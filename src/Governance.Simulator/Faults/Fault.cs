using System.Globalization;
using System.Text.RegularExpressions;

namespace Governance.Simulator.Faults;

/// <summary>
/// One fault: what, where, how often. Its text form is <c>kind[=argument]@target[:page][!times]</c>, where kind is a status
/// such as <c>429</c> or a name such as <c>cut-length</c>; target is <c>#n</c> for the nth request or the end of a path,
/// with <c>*</c> for one segment; page counts from 1; times is a number or <c>always</c>.
/// </summary>
/// <example><c>429=2.5@servicePrincipals:2</c>, <c>reset@#7</c>, <c>403@reports/*!always</c></example>
public sealed partial record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>The status for <see cref="FaultKind.Status"/>; else 0.</summary>
    public int Status { get; init; }

    /// <summary>
    /// Depends on the kind; null for its default. For a status, the Retry-After: seconds (<c>2</c>, <c>2.128</c>), <c>date</c> with
    /// seconds from now (<c>date5</c>), or <c>none</c>. A 429 without argument says 1 second.
    /// </summary>
    public string? Argument { get; init; }

    /// <summary>Number of the request, from 1, over the simulator's life; null to go by the path.</summary>
    public int? Request { get; init; }

    /// <summary>The end of the path, <c>*</c> standing for one segment; null to go by the number of the request.</summary>
    public string? Path { get; init; }

    /// <summary>Number of the page, from 1, and of a batch among batches; null for any.</summary>
    public int? Page { get; init; }

    /// <summary>How often it happens; null for always.</summary>
    public int? Times { get; init; } = 1;

    /// <exception cref="FormatException">Says what is wrong with the text.</exception>
    public static Fault Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"fault '{text}': expected kind[=argument]@target[:page][!times], such as 429=2@servicePrincipals:2 or reset@#7");
        }

        var name = match.Groups["kind"].Value;
        var status = 0;
        var kind = FaultKind.Status;
        if (char.IsAsciiDigit(name[0]))
        {
            status = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 400 and <= 599
                ? number
                : throw new FormatException($"fault '{text}': status {name} is not between 400 and 599");
        }
        else if (!Enum.TryParse(name.Replace("-", ""), ignoreCase: true, out kind) || kind == FaultKind.Status)
        {
            throw new FormatException($"fault '{text}': unknown kind '{name}'; known are a status and {string.Join(", ", Names)}");
        }

        var fault = new Fault
        {
            Kind = kind,
            Status = status,
            Argument = match.Groups["argument"].Success ? match.Groups["argument"].Value : null,
            Request = match.Groups["request"].Success ? Number(text, match.Groups["request"].Value) : null,
            Path = match.Groups["path"].Success ? match.Groups["path"].Value.Trim('/') : null,
            Page = match.Groups["page"].Success ? Number(text, match.Groups["page"].Value) : null,
            Times = match.Groups["times"] is { Success: true } times
                ? times.Value == "always" ? null : Number(text, times.Value)
                : kind is FaultKind.SelfLink or FaultKind.Loop or FaultKind.Endless ? null : 1,
        };
        fault.CheckArgument(text);
        return fault;
    }

    /// <summary>The names of all kinds but the statuses, as written in the text form.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.Status).Select(Name)];

    public override string ToString() =>
        (Kind == FaultKind.Status ? Status.ToString(CultureInfo.InvariantCulture) : Name(Kind)) + (Argument is null ? "" : "=" + Argument)
        + "@" + (Request is { } number ? "#" + number : Path) + (Page is { } page ? ":" + page : "") + (Times is { } times ? times == 1 ? "" : "!" + times : "!always");

    internal bool Matches(int request, string path, int page)
    {
        if (Request is { } number)
        {
            return number == request;
        }

        var wanted = (Path ?? "").Split('/');
        var given = path.Split('/');
        var offset = given.Length - wanted.Length;
        if (offset < 0)
        {
            return false;
        }

        for (var index = 0; index < wanted.Length; index++)
        {
            if (wanted[index] != "*" && !wanted[index].Equals(given[offset + index], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return Page is not { } first || (Kind == FaultKind.Endless ? page >= first : page == first);
    }

    private static string Name(FaultKind kind) => WordStart().Replace(kind.ToString(), "-").ToLowerInvariant();

    private static int Number(string text, string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw new FormatException($"fault '{text}': '{digits}' is not a number from 1");

    private void CheckArgument(string text)
    {
        var valid = Argument is null || Kind switch
        {
            FaultKind.Status => RetryAfterForm().IsMatch(Argument),
            FaultKind.Drip or FaultKind.Missing or FaultKind.Huge => int.TryParse(Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 2_000,
            FaultKind.ForeignLink or FaultKind.HttpLink => Uri.TryCreate(Argument, UriKind.Absolute, out _),
            _ => false,
        };
        if (!valid)
        {
            throw new FormatException($"fault '{text}': '{Argument}' is no argument for {Name(Kind)}");
        }
    }

    [GeneratedRegex(@"^(?<kind>[A-Za-z0-9-]+)(=(?<argument>[^@]+))?@(\#(?<request>\d+)|(?<path>[^:!\#]+)(:(?<page>\d+))?)(!(?<times>\d+|always))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"^(none|date\d{0,6}|\d{1,6}(\.\d{1,6})?)$")]
    private static partial Regex RetryAfterForm();
}
