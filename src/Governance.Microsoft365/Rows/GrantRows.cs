using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Takes a grant as read: scope and id in UTF-8, the id empty when there was none.</summary>
internal delegate void GrantTaken(Guid client, Guid resource, Guid? principal, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> id);

/// <summary>Graph <c>oAuth2PermissionGrant</c>.</summary>
/// <param name="changes">True for items of a delta round, which may name a grant by its id alone; client and resource are then empty.</param>
internal sealed class GrantRows(GrantTaken taken, bool changes = false) : PageRows
{
    public GrantRows(DelegatedPermissionGrantsBuilder all)
        : this(all.Add)
    {
    }

    private readonly List<Row> _rows = [];
    private readonly PageBytes _texts = new();

    private readonly record struct Row(Guid Client, Guid Resource, Guid? Principal, (int Start, int Length) Scope, (int Start, int Length) Id);

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        Guid? client = null;
        Guid? resource = null;
        Guid? principal = null;
        bool? tenantWide = null;
        var holderNamed = false;
        (int, int) scope = default;
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
            if (name.SequenceEqual("clientId"u8))
            {
                whole = JsonField.Id(ref reader, out client, ref fault, "clientId");
                holderNamed = true;
            }
            else if (name.SequenceEqual("resourceId"u8))
            {
                whole = JsonField.Id(ref reader, out resource, ref fault, "resourceId");
                holderNamed = true;
            }
            else if (name.SequenceEqual("principalId"u8))
            {
                whole = Principal(ref reader, out principal, ref fault);
            }
            else if (name.SequenceEqual("consentType"u8))
            {
                whole = ConsentType(ref reader, out tenantWide);
            }
            else if (name.SequenceEqual("scope"u8))
            {
                whole = Text(ref reader, out scope, ref fault, "scope");
            }
            else if (name.SequenceEqual("id"u8))
            {
                whole = Text(ref reader, out id, ref fault, "id");
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

        var byIdAlone = changes && !holderNamed && id.Item2 > 0;
        fault ??= byIdAlone ? null
            : client is null ? "clientId is missing"
            : resource is null ? "resourceId is missing"
            : tenantWide == false && principal is null ? "principalId is missing although the consent is for one principal"
            : null;
        if (fault is null)
        {
            _rows.Add(new Row(client ?? Guid.Empty, resource ?? Guid.Empty, tenantWide == true ? null : principal, scope, id));
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
        foreach (var row in _rows)
        {
            taken(row.Client, row.Resource, row.Principal, _texts[row.Scope], _texts[row.Id]);
        }
    }

    /// <summary>Null and an empty text both mean no principal.</summary>
    private static bool Principal(ref Utf8JsonReader reader, out Guid? principal, ref string? fault)
    {
        var before = reader;
        if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty)
        {
            principal = null;
            return true;
        }

        reader = before;
        return JsonField.Id(ref reader, out principal, ref fault, "principalId");
    }

    /// <param name="tenantWide">Null when the type is missing or not known yet; the principal then tells.</param>
    private static bool ConsentType(ref Utf8JsonReader reader, out bool? tenantWide)
    {
        tenantWide = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            tenantWide = reader.ValueTextEquals("AllPrincipals"u8) ? true : reader.ValueTextEquals("Principal"u8) ? false : null;
        }

        return reader.TrySkip();
    }

    private bool Text(ref Utf8JsonReader reader, out (int, int) at, ref string? fault, string name)
    {
        at = default;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            at = _texts.Add(ref reader);
            return true;
        }

        if (reader.TokenType != JsonTokenType.Null)
        {
            fault ??= $"{name} is not a text";
        }

        return reader.TrySkip();
    }
}
