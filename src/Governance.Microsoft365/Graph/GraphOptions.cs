using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>How a tenant is read from Graph.</summary>
public sealed class GraphOptions
{
    public const string Section = "Graph";

    /// <summary>Graph root; one without a version segment gets <c>/v1.0</c>. Plain http only for a loopback host.</summary>
    public Uri Endpoint { get; set; } = new("https://graph.microsoft.com/v1.0");

    /// <summary>Tenant that must answer; null to take whichever tenant the token belongs to.</summary>
    public Guid? TenantId { get; set; }

    /// <summary>Rows asked for per page, 1 to 999. Fewer than 999 has been seen to lose rows.</summary>
    public int PageSize { get; set; } = 999;

    /// <summary>Resources whose app role assignments are read at one time, 1 to 64.</summary>
    public int Parallelism { get; set; } = 8;

    /// <summary>How long a request may stay silent, before its headers or between two pieces of its body.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one reading may take, waits included.</summary>
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Times one page is asked for before its part is given up, 1 to 20.</summary>
    public int Attempts { get; set; } = 6;

    /// <summary>First wait before a repeat when the server names none; later ones grow to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Bound of a wait that the server did not name. What the server names is waited for in full.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Any of consent events, consent requests, sign-in activity and agent identities; each costs requests, rights or a licence.</summary>
    public ICollection<InventoryPart> OptionalParts { get; } = [];

    /// <summary>Reads what users may consent to by themselves today; needs Policy.Read.All.</summary>
    public bool ConsentPolicy { get; set; }

    /// <summary>Group whose members are trained, read with the users; needs GroupMember.Read.All. Null when there is none.</summary>
    public Guid? TrainingGroup { get; set; }

    /// <summary>How far back consent events are read.</summary>
    public TimeSpan ConsentEventWindow { get; set; } = TimeSpan.FromDays(30);

    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    internal void Require()
    {
        if (Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), "options");
        }
    }

    /// <returns>Every mistake with the name of its setting; empty when there is none.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (GraphEndpoint.ProblemOf(Endpoint) is { } endpoint)
        {
            problems.Add($"{nameof(Endpoint)}: {endpoint}");
        }

        Within(nameof(PageSize), PageSize, 1, 999);
        Within(nameof(Parallelism), Parallelism, 1, 64);
        Within(nameof(Attempts), Attempts, 1, 20);
        Positive(nameof(Silence), Silence);
        Positive(nameof(TimeBudget), TimeBudget);
        Positive(nameof(FirstWait), FirstWait);
        Positive(nameof(LongestWait), LongestWait);
        Positive(nameof(ConsentEventWindow), ConsentEventWindow);
        foreach (var part in OptionalParts.Where(part => Inventory.Needed.Contains(part) || !Enum.IsDefined(part)))
        {
            problems.Add($"{nameof(OptionalParts)}: {part} is not an optional part");
        }

        return problems;

        void Within(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                problems.Add($"{name}: {value} is not between {least} and {most}");
            }
        }

        void Positive(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(45))
            {
                problems.Add($"{name}: {value} is not more than zero and at most 45 days");
            }
        }
    }
}
