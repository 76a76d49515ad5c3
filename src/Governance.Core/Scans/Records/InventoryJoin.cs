using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Puts an inventory together again from its chunks, given one at a time in any order.</summary>
public sealed class InventoryJoin
{
    private readonly InventoryManifest _manifest;
    private readonly Dictionary<ChunkId, (ChunkKind Kind, int Times)> _awaited = [];
    private readonly Dictionary<ChunkKind, long> _rows = [];
    private readonly List<ServicePrincipal> _principals = [];
    private readonly DelegatedPermissionGrantsBuilder _grants = new();
    private readonly List<AppRoleAssignment> _assignments = [];
    private readonly List<DirectoryUser> _users = [];
    private readonly List<ConsentEvent> _events = [];
    private readonly List<ConsentRequest> _requests = [];
    private readonly List<SignInActivity> _signIns = [];
    private readonly List<Guid> _trained = [];
    private readonly List<AgentIdentity> _agents = [];

    public InventoryJoin(InventoryManifest manifest)
    {
        _manifest = manifest;
        foreach (var entry in manifest.Entries)
        {
            foreach (var id in entry.Chunks)
            {
                _awaited[id] = (entry.Kind, _awaited.TryGetValue(id, out var known) ? known.Times + 1 : 1);
            }
        }
    }

    /// <summary>Chunks not given yet, each once.</summary>
    public IReadOnlyCollection<ChunkId> Awaited => _awaited.Keys;

    /// <param name="kept">What <see cref="InventoryChunk.Compressed"/> gave.</param>
    /// <exception cref="RecordDamagedException">The chunk is not the one that was kept.</exception>
    public void Add(ChunkId id, ReadOnlySpan<byte> kept)
    {
        if (!_awaited.Remove(id, out var awaited))
        {
            throw new ArgumentException($"{InventoryChunk.NameOf(id)} is not awaited", nameof(id));
        }

        var reader = new ChunkReader(InventoryChunk.Open(id, kept), awaited.Kind, InventoryChunk.NameOf(id));
        if (awaited.Times > 1 && reader.Rows > 0)
        {
            throw reader.Damaged("its rows are listed twice");
        }

        switch (awaited.Kind)
        {
            case ChunkKind.ServicePrincipals:
                ServicePrincipalRows.Read(ref reader, _principals);
                break;
            case ChunkKind.Grants:
                GrantRows.Read(ref reader, _grants);
                break;
            case ChunkKind.Assignments:
                AssignmentRows.Read(ref reader, _assignments);
                break;
            case ChunkKind.Users:
                UserRows.Read(ref reader, _users);
                break;
            case ChunkKind.ConsentEvents:
                ConsentEventRows.Read(ref reader, _events);
                break;
            case ChunkKind.ConsentRequests:
                ConsentRequestRows.Read(ref reader, _requests);
                break;
            case ChunkKind.SignIns:
                SignInRows.Read(ref reader, _signIns);
                break;
            case ChunkKind.TrainedUsers:
                TrainedUserRows.Read(ref reader, _trained);
                break;
            case ChunkKind.AgentIdentities:
                AgentIdentityRows.Read(ref reader, _agents);
                break;
            default:
                throw reader.Damaged($"kind {(int)awaited.Kind} is unknown");
        }

        reader.End();
        _rows[awaited.Kind] = _rows.GetValueOrDefault(awaited.Kind) + reader.Rows;
    }

    /// <exception cref="RecordDamagedException">A chunk is missing, or they hold another number of rows than were kept.</exception>
    public Inventory Build()
    {
        foreach (var (id, _) in _awaited)
        {
            throw new RecordDamagedException(InventoryChunk.NameOf(id), "it is missing");
        }

        foreach (var entry in _manifest.Entries.Where(entry => _rows.GetValueOrDefault(entry.Kind) != entry.Rows))
        {
            throw new RecordDamagedException(
                $"inventory of {_manifest.ReadAt:O}", $"{entry.Rows} rows of {entry.Kind} were kept, {_rows.GetValueOrDefault(entry.Kind)} were read");
        }

        return new Inventory
        {
            Organization = _manifest.Organization,
            ReadAt = _manifest.ReadAt,
            Parts = _manifest.Parts,
            ServicePrincipals = [.. _principals.OrderBy(principal => principal.Id)],
            Grants = _grants.Build(),
            Assignments = new AppRoleAssignments(_assignments),
            Users = Users.From(_users),
            ConsentEvents = [.. _events.OrderBy(logged => logged.At).ThenBy(logged => logged.Id, StringComparer.Ordinal)],
            ConsentRequests = [.. _requests.OrderBy(request => request.Id, StringComparer.Ordinal)],
            SignIns = [.. _signIns.OrderBy(activity => activity.AppId)],
            AgentIdentities = [.. _agents.OrderBy(agent => agent.Id)],
            TrainedUsers = _manifest.TrainedUsersRead ? [.. _trained] : null,
            UserConsent = _manifest.UserConsent,
            Cursors = _manifest.Cursors,
        };
    }
}
