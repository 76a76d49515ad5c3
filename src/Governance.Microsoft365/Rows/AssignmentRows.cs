using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>appRoleAssignment</c>.</summary>
/// <param name="all">Shared by the pages of several resources; locked while a page is handed on.</param>
internal sealed class AssignmentRows(AppRoleAssignmentsBuilder all) : PageRows
{
    private readonly List<Row> _rows = [];
    private readonly PageBytes _texts = new();

    private readonly record struct Row((int Start, int Length) Id, Guid Resource, Guid Principal, AssigneeKind Kind, Guid Role, DateTimeOffset? CreatedAt);

    /// <summary>Resource of the first row of the page; null when the page has none.</summary>
    public Guid? Resource => _rows.Count == 0 ? null : _rows[0].Resource;

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        Guid? resource = null;
        Guid? principal = null;
        Guid? role = null;
        DateTimeOffset? created = null;
        var kind = AssigneeKind.Unknown;
        (int, int) id = default;
        while (true)
        {
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.EndObject)
            {
                break;
            }

            bool whole;
            var name = JsonField.Name(ref reader);
            if (name.SequenceEqual("resourceId"u8))
            {
                whole = JsonField.Id(ref reader, out resource, ref fault, "resourceId");
            }
            else if (name.SequenceEqual("principalId"u8))
            {
                whole = JsonField.Id(ref reader, out principal, ref fault, "principalId");
            }
            else if (name.SequenceEqual("appRoleId"u8))
            {
                whole = JsonField.Id(ref reader, out role, ref fault, "appRoleId");
            }
            else if (name.SequenceEqual("createdDateTime"u8))
            {
                whole = JsonField.Time(ref reader, out created);
            }
            else if (name.SequenceEqual("principalType"u8))
            {
                whole = reader.Read();
                kind = whole && reader.TokenType == JsonTokenType.String ? Kind(ref reader) : AssigneeKind.Unknown;
                whole = whole && reader.TrySkip();
            }
            else if (name.SequenceEqual("id"u8))
            {
                whole = reader.Read();
                id = whole && reader.TokenType == JsonTokenType.String ? _texts.Add(ref reader) : default;
                whole = whole && reader.TrySkip();
            }
            else
            {
                whole = JsonField.Skip(ref reader);
            }

            if (!whole)
            {
                return false;
            }
        }

        fault ??= resource is null ? "resourceId is missing" : principal is null ? "principalId is missing" : role is null ? "appRoleId is missing" : null;
        if (fault is null)
        {
            _rows.Add(new Row(id, resource!.Value, principal!.Value, kind, role!.Value, created));
        }

        return true;
    }

    protected override void Clear()
    {
        _rows.Clear();
        _texts.Clear();
    }

    protected override void HandOn()
    {
        lock (all)
        {
            foreach (var row in _rows)
            {
                all.Add(_texts[row.Id], row.Resource, row.Principal, row.Kind, row.Role, row.CreatedAt);
            }
        }
    }

    private static AssigneeKind Kind(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("ServicePrincipal"u8) ? AssigneeKind.ServicePrincipal
        : reader.ValueTextEquals("User"u8) ? AssigneeKind.User
        : reader.ValueTextEquals("Group"u8) ? AssigneeKind.Group
        : AssigneeKind.Unknown;
}
