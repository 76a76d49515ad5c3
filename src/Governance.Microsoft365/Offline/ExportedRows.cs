using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Offline;

/// <summary>A collection that an export can hold.</summary>
internal enum ExportedCollection
{
    Organization,
    ServicePrincipals,
    Grants,
    Assignments,
    Users,
    ConsentEvents,
    ConsentRequests,
    SignIns,
}

/// <summary>Rows of any collection, sent to the reader of that collection as each page or row is recognised.</summary>
internal sealed class ExportedRows : PageRows
{
    private readonly Dictionary<ExportedCollection, PageRows> _readers;
    private readonly AssignmentRows _assignments;
    private ExportedCollection? _fromName;
    private ExportedCollection? _fromContext;

    public ExportedRows()
    {
        _assignments = new AssignmentRows(Assignments);
        _readers = new()
        {
            [ExportedCollection.Organization] = new DocumentRows<Organization>(OrganizationRow.Read, Organizations.Add),
            [ExportedCollection.ServicePrincipals] = new ServicePrincipalRows(principal => Principals[principal.Id] = principal),
            [ExportedCollection.Grants] = new GrantRows(Grants),
            [ExportedCollection.Assignments] = _assignments,
            [ExportedCollection.Users] = new UserRows(Users),
            [ExportedCollection.ConsentEvents] = new DocumentRows<ConsentEvent>(ConsentEventRow.Read, Events.Add),
            [ExportedCollection.ConsentRequests] = new DocumentRows<ConsentRequest>(ConsentRequestRow.Read, Requests.Add),
            [ExportedCollection.SignIns] = new DocumentRows<SignInActivity>(SignInRow.Read, SignIns.Add),
        };
    }

    public List<Organization> Organizations { get; } = [];

    public Dictionary<Guid, ServicePrincipal> Principals { get; } = [];

    public DelegatedPermissionGrantsBuilder Grants { get; } = new();

    public AppRoleAssignmentsBuilder Assignments { get; } = new();

    public UsersBuilder Users { get; } = new();

    public List<ConsentEvent> Events { get; } = [];

    public List<ConsentRequest> Requests { get; } = [];

    public List<SignInActivity> SignIns { get; } = [];

    /// <summary>Collections that rows or pages were recognised for.</summary>
    public HashSet<ExportedCollection> Found { get; } = [];

    /// <summary>Collections of the page at hand, or of the file when it has no pages.</summary>
    public HashSet<ExportedCollection> OnPage { get; } = [];

    /// <summary>Unreadable rows by collection, with why the first is so.</summary>
    public Dictionary<ExportedCollection, (int Count, string First)> Broken { get; } = [];

    /// <summary>Rows that belong to no collection known here.</summary>
    public int Unknown { get; private set; }


    /// <summary>Resource of the page at hand, when it holds app role assignments.</summary>
    public Guid? Resource => _assignments.Resource;

    /// <summary>Begins a file.</summary>
    public void File(string name)
    {
        _fromName = Collections.OfFile(name);
        _fromContext = null;
    }

    public override void Context(string context)
    {
        _fromContext = Collections.OfContext(context);
        if (_fromContext is { } collection)
        {
            OnPage.Add(collection);
        }
    }

    /// <summary>Notes that the page at hand holds a list, so that an empty one counts as read too.</summary>
    public void NoteList()
    {
        if ((_fromContext ?? _fromName) is { } collection)
        {
            OnPage.Add(collection);
        }
    }

    /// <summary>Ends a page: hands its rows on, and forgets its context.</summary>
    public void EndPage()
    {
        Found.UnionWith(OnPage);
        OnPage.Clear();
        Keep();
        _fromContext = null;
    }

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        if (!TryRecognise(reader, out var collection))
        {
            return false;
        }

        if (collection is not { } known)
        {
            Unknown++;
            return reader.TrySkip();
        }

        OnPage.Add(known);
        var rows = _readers[known];
        var before = rows.Unreadable;
        if (rows.Read(ref reader) == RowOutcome.Cut)
        {
            return false;
        }

        if (rows.Unreadable > before)
        {
            var (count, first) = Broken.GetValueOrDefault(known);
            Broken[known] = (count + 1, first ?? rows.FirstFault!);
        }

        return true;
    }

    protected override void Clear()
    {
        foreach (var rows in _readers.Values)
        {
            rows.Drop();
        }
    }

    protected override void HandOn()
    {
        foreach (var rows in _readers.Values)
        {
            rows.Keep();
        }
    }

    /// <returns>False when the bytes at hand end inside the row.</returns>
    private bool TryRecognise(Utf8JsonReader copy, out ExportedCollection? collection)
    {
        collection = _fromContext ?? _fromName;
        if (collection is not null)
        {
            return true;
        }

        var members = new HashSet<string>(StringComparer.Ordinal);
        while (copy.Read())
        {
            if (copy.TokenType == JsonTokenType.EndObject)
            {
                collection = Collections.OfMembers(members);
                return true;
            }

            members.Add(JsonText.Of(ref copy));
            if (!JsonField.Skip(ref copy))
            {
                return false;
            }
        }

        return false;
    }
}
