using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Offline;

/// <summary>Reads what AzureHound collects: service principals, app role assignments and users, each row under its kind.</summary>
/// <remarks>It collects no delegated permission grants and no departments, and drops objects when throttled: no part is ever whole.</remarks>
public sealed class AzureHoundSource(string path, TimeProvider time) : IConsentSource
{
    private const int HeadSize = 64 * 1024;
    private const string Unproven = "AzureHound does not say whether it read everything";

    public ScanMode Mode => ScanMode.Offline;

    /// <summary>True when the file begins as AzureHound's output does.</summary>
    public static bool Recognises(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var head = new byte[HeadSize];
        var text = Encoding.UTF8.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return text.TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith('{') && text.Contains("\"kind\"", StringComparison.Ordinal) && text.Contains("\"AZ", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        var rows = new Collected();
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                var pages = new DocumentRows<object>(rows.Take, _ => { });
                var parser = new PageParser(pages, PageLayout.Hound);
                await PageStream.ReadAsync(file, parser, null, cancellationToken).ConfigureAwait(false);
                if (!parser.Last.HasValue)
                {
                    throw new SourceFormatException(name, "it holds no list 'data'");
                }
            }
            catch (JsonException broken)
            {
                throw new SourceFormatException($"{name}, line {(broken.LineNumber ?? 0) + 1}", "it is broken or cut off", broken);
            }
        }

        var inventory = rows.Build(time.GetUtcNow(), name);
        foreach (var part in inventory.Parts)
        {
            progress.Report(new ReadProgress(part.Part, part.Items, part.Expected, Done: true));
        }

        return new SourceReading(inventory, new RequestCounts(0, 0, 0));
    }

    private sealed class Collected
    {
        private readonly Dictionary<Guid, ServicePrincipal> _principals = [];
        private readonly AppRoleAssignmentsBuilder _assignments = new();
        private readonly UsersBuilder _users = new();
        private readonly Dictionary<InventoryPart, (int Count, string First)> _unreadable = [];
        private readonly ServicePrincipalRows _principalRows;
        private readonly AssignmentRows _assignmentRows;
        private readonly UserRows _userRows;
        private Organization? _organization;
        private Guid? _tenant;

        public Collected()
        {
            _principalRows = new ServicePrincipalRows(principal => _principals[principal.Id] = principal);
            _assignmentRows = new AssignmentRows(_assignments);
            _userRows = new UserRows(_users);
        }

        /// <summary>Takes a row of a kind that is of use; other kinds are passed over.</summary>
        public object? Take(JsonElement row, ref string? fault)
        {
            var data = Member.Object(row, "data");
            switch (Member.Text(row, "kind"))
            {
                case "AZTenant" when data.ValueKind == JsonValueKind.Object:
                    _organization ??= Member.Id(data, "tenantId") is { } id ? new Organization(id, Member.Text(data, "displayName") ?? string.Empty, Member.Text(data, "countryCode")) : null;
                    break;
                case "AZServicePrincipal":
                    _tenant ??= Member.Id(data, "tenantId");
                    Take(InventoryPart.ServicePrincipals, _principalRows, data);
                    break;
                case "AZAppRoleAssignment":
                    Take(InventoryPart.AppRoleAssignments, _assignmentRows, data);
                    break;
                case "AZUser":
                    Take(InventoryPart.Users, _userRows, data);
                    break;
            }

            return null;
        }

        public Inventory Build(DateTimeOffset now, string name)
        {
            var organization = _organization ?? (_tenant is { } tenant ? new Organization(tenant, string.Empty, null) : throw new SourceFormatException(name, "no row says which tenant it is"));
            var (assignments, users) = (_assignments.Build(), _users.Build());
            return new Inventory
            {
                Organization = organization,
                ReadAt = now,
                ServicePrincipals = [.. _principals.Values.OrderBy(principal => principal.Id)],
                Assignments = assignments,
                Users = users,
                Parts =
                [
                    Part(InventoryPart.ServicePrincipals, _principals.Count, Unproven),
                    PartReading.Unavailable(InventoryPart.Oauth2PermissionGrants, "AzureHound does not collect delegated permission grants"),
                    Part(InventoryPart.AppRoleAssignments, assignments.Count, $"{Unproven}; apps without roles are left out"),
                    Part(InventoryPart.Users, users.Count, $"{Unproven}; it collects no departments"),
                    .. new[] { InventoryPart.ConsentEvents, InventoryPart.ConsentRequests, InventoryPart.SignInActivity, InventoryPart.AgentIdentities }
                        .Select(part => PartReading.Unavailable(part, "AzureHound does not collect it")),
                ],
            };
        }

        private void Take(InventoryPart part, PageRows rows, JsonElement data)
        {
            var fault = "a row without data";
            if (data.ValueKind == JsonValueKind.Object)
            {
                var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(data));
                reader.Read();
                if (rows.Read(ref reader) == RowOutcome.Read)
                {
                    rows.Keep();
                    return;
                }

                fault = rows.FirstFault ?? fault;
                rows.Drop();
            }

            var (count, first) = _unreadable.GetValueOrDefault(part);
            _unreadable[part] = (count + 1, first ?? fault);
        }

        private PartReading Part(InventoryPart part, int items, string reason) => new(
            part, PartStatus.Partial, items, null, 0, 0, _unreadable.TryGetValue(part, out var lost) ? $"{reason}; {lost.Count} rows unreadable, the first because {lost.First}" : reason, null);
    }
}
