using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Offline;

/// <summary>Reads consents from exported Graph pages: a file, or a folder of <c>.json</c>, <c>.jsonl</c> and <c>.ndjson</c> files.</summary>
/// <param name="path">File or folder.</param>
/// <param name="tenantId">Tenant to file the reading under when the export does not say; null for the empty id.</param>
public sealed class ExportedPagesSource(string path, Guid? tenantId, TimeProvider time) : IConsentSource
{
    private static readonly string[] Endings = [".json", ".jsonl", ".ndjson"];

    public ScanMode Mode => ScanMode.Offline;

    /// <inheritdoc/>
    /// <exception cref="FileNotFoundException">There is neither such a file nor such a folder.</exception>
    public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var start = time.GetUtcNow();
        var rows = new ExportedRows();
        var chains = new ExportedChains();
        foreach (var file in Files())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ExportFile.ReadAsync(file, rows, chains, cancellationToken).ConfigureAwait(false);
        }

        if (rows.Found.Count == 0)
        {
            throw new SourceFormatException(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), "nothing here is recognised as a page or row of Microsoft Graph");
        }

        var inventory = Inventory(start, rows, chains);
        foreach (var part in inventory.Parts)
        {
            progress.Report(new ReadProgress(part.Part, part.Items, part.Expected, Done: true));
        }

        return new SourceReading(inventory, new RequestCounts(0, 0, 0));
    }

    private string[] Files()
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file or folder");
        }

        // Pages in the order they were written: page 2 before page 10.
        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => file, NaturalOrder.Instance)];
        return files.Length > 0 ? files : throw new SourceFormatException(path, "the folder holds no .json, .jsonl or .ndjson file");
    }

    private Inventory Inventory(DateTimeOffset start, ExportedRows rows, ExportedChains chains)
    {
        var tenants = rows.Organizations.DistinctBy(organization => organization.TenantId).ToArray();
        if (tenants.Length > 1)
        {
            throw new SourceFormatException(path, $"the export holds {tenants.Length} organizations; one is expected");
        }

        var grants = rows.Grants.Build();
        var assignments = rows.Assignments.Build();
        var users = rows.Users.Build();
        ImmutableArray<ConsentEvent> events =
            [.. rows.Events.DistinctBy(one => one.Id, StringComparer.Ordinal).OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal)];
        ImmutableArray<ConsentRequest> requests = [.. rows.Requests.DistinctBy(one => one.Id, StringComparer.Ordinal).OrderBy(one => one.Id, StringComparer.Ordinal)];
        ImmutableArray<SignInActivity> signIns = [.. rows.SignIns.DistinctBy(one => one.AppId).OrderBy(one => one.AppId)];
        return new Inventory
        {
            Organization = tenants.FirstOrDefault() ?? new Organization(tenantId ?? Guid.Empty, string.Empty, null),
            ReadAt = start,
            ServicePrincipals = [.. rows.Principals.Values.OrderBy(principal => principal.Id)],
            Grants = grants,
            Assignments = assignments,
            Users = users,
            ConsentEvents = events,
            ConsentRequests = requests,
            SignIns = signIns,
            Parts =
            [
                Part(InventoryPart.ServicePrincipals, ExportedCollection.ServicePrincipals, "service principals", rows.Principals.Count),
                Part(InventoryPart.Oauth2PermissionGrants, ExportedCollection.Grants, "delegated permission grants", grants.Count, rows.Grants.DistinctIds),
                Part(InventoryPart.AppRoleAssignments, ExportedCollection.Assignments, "app role assignments", assignments.Count),
                Part(InventoryPart.Users, ExportedCollection.Users, "users", users.Count),
                Part(InventoryPart.ConsentEvents, ExportedCollection.ConsentEvents, "audit entries", events.Length),
                Part(InventoryPart.ConsentRequests, ExportedCollection.ConsentRequests, "consent requests", requests.Length),
                Part(InventoryPart.SignInActivity, ExportedCollection.SignIns, "sign-in activity", signIns.Length),
                PartReading.Skipped(InventoryPart.AgentIdentities, "not looked for in exported pages"),
            ],
        };

        // Nobody can be asked whether these exist.
        int Strangers() => assignments.Holders.Concat(grants.Clients.ToArray()).Where(holder => !rows.Principals.ContainsKey(holder)).Distinct().Count();

        PartReading Part(InventoryPart part, ExportedCollection collection, string name, long items, long? distinct = null)
        {
            if (!rows.Found.Contains(collection))
            {
                return PartReading.Unavailable(part, $"the export holds no {name}");
            }

            var broken = rows.Broken.GetValueOrDefault(collection);
            var counted = part is InventoryPart.ServicePrincipals or InventoryPart.Oauth2PermissionGrants or InventoryPart.Users;
            var expected = part is InventoryPart.AppRoleAssignments or InventoryPart.ConsentEvents ? null : chains.Count(collection);
            var reasons = new List<string>();
            if (chains.BreaksOff(collection))
            {
                reasons.Add("the export ends at a page that has a next link");
            }
            else if (expected is { } count && (distinct ?? items) + broken.Count != count)
            {
                reasons.Add($"count mismatch: {(distinct ?? items) + broken.Count} of {count}");
            }

            else if (expected is null && counted)
            {
                reasons.Add("no count was given, so the number of rows is unproven");
            }

            if (reasons.Count == 0 && part == InventoryPart.ServicePrincipals && Strangers() is > 0 and var strangers)
            {
                reasons.Add($"{strangers} service principals that hold consents are not in the export");
            }

            if (broken.Count > 0)
            {
                reasons.Add($"{broken.Count} rows unreadable, the first because {broken.First}");
            }

            return new PartReading(
                part, reasons.Count == 0 ? PartStatus.Complete : PartStatus.Partial, items, expected, chains.Pages(collection), 0, reasons.Count == 0 ? null : string.Join("; ", reasons), null);
        }
    }
}
