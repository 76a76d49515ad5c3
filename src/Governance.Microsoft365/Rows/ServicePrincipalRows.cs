using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>servicePrincipal</c> and the types derived from it.</summary>
/// <param name="kept">Called with each principal once its page was read whole.</param>
internal sealed class ServicePrincipalRows(Action<ServicePrincipal> kept) : PageRows
{
    private readonly List<ServicePrincipal> _rows = [];
    private readonly TextPool _pool = new();

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        Guid? id = null;
        var draft = new ServicePrincipal { Id = default };
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

            if (reader.ValueTextEquals("id"u8))
            {
                if (!JsonField.Id(ref reader, out id, ref fault, "id"))
                {
                    return false;
                }
            }
            else if (!TryMember(ref reader, ref draft, ref fault))
            {
                return false;
            }
        }

        fault ??= id is null ? "id is missing" : null;
        if (fault is null)
        {
            // Most names agree; one string then does for both.
            var name = draft.AppDisplayName == draft.DisplayName ? draft.DisplayName : draft.AppDisplayName;
            _rows.Add(draft with { Id = id!.Value, AppDisplayName = name });
        }

        return true;
    }

    protected override void Clear() => _rows.Clear();

    protected override void HandOn() => _rows.ForEach(kept);

    private bool TryMember(ref Utf8JsonReader reader, ref ServicePrincipal draft, ref string? fault)
    {
        bool whole;
        if (reader.ValueTextEquals("appId"u8))
        {
            whole = JsonField.Id(ref reader, out var value, ref fault, "appId");
            draft = draft with { AppId = value };
        }
        else if (reader.ValueTextEquals("displayName"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft = draft with { DisplayName = value };
        }
        else if (reader.ValueTextEquals("appDisplayName"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft = draft with { AppDisplayName = value };
        }
        else if (reader.ValueTextEquals("appOwnerOrganizationId"u8))
        {
            whole = JsonField.OptionalId(ref reader, out var value);
            draft = draft with { OwnerTenantId = value };
        }
        else if (reader.ValueTextEquals("servicePrincipalType"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft = draft with { Type = value };
        }
        else if (reader.ValueTextEquals("accountEnabled"u8))
        {
            whole = JsonField.Flag(ref reader, out var value);
            draft = draft with { Enabled = value };
        }
        else if (reader.ValueTextEquals("verifiedPublisher"u8))
        {
            whole = TryPublisher(ref reader, out var value);
            draft = draft with { VerifiedPublisher = value };
        }
        else if (reader.ValueTextEquals("publisherName"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft = draft with { PublisherName = value };
        }
        else if (reader.ValueTextEquals("createdDateTime"u8))
        {
            whole = JsonField.Time(ref reader, out var value);
            draft = draft with { CreatedAt = value };
        }
        else if (reader.ValueTextEquals("homepage"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft = draft with { Homepage = value };
        }
        else if (reader.ValueTextEquals("replyUrls"u8))
        {
            whole = JsonField.Texts(ref reader, null, out var value);
            draft = draft with { ReplyUrls = value };
        }
        else if (reader.ValueTextEquals("tags"u8))
        {
            whole = JsonField.Texts(ref reader, _pool, out var value);
            draft = draft with { Tags = value };
        }
        else if (reader.ValueTextEquals("appRoleAssignmentRequired"u8))
        {
            whole = JsonField.Flag(ref reader, out var value);
            draft = draft with { AssignmentRequired = value == true };
        }
        else if (reader.ValueTextEquals("disabledByMicrosoftStatus"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft = draft with { DisabledByMicrosoft = value };
        }
        else if (reader.ValueTextEquals("appRoles"u8))
        {
            whole = TryAppRoles(ref reader, out var value, ref fault);
            draft = draft with { AppRoles = value };
        }
        else
        {
            whole = JsonField.Skip(ref reader);
        }

        return whole;
    }

    /// <summary>An unverified publisher comes as an object of nulls.</summary>
    private bool TryPublisher(ref Utf8JsonReader reader, out VerifiedPublisher? publisher)
    {
        publisher = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TrySkip();
        }

        string? name = null;
        string? id = null;
        DateTimeOffset? added = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                publisher = name is null && id is null ? null : new VerifiedPublisher(name ?? string.Empty, id, added);
                return true;
            }

            var whole = reader.ValueTextEquals("displayName"u8) ? JsonField.Text(ref reader, _pool, out name)
                : reader.ValueTextEquals("verifiedPublisherId"u8) ? JsonField.Text(ref reader, _pool, out id)
                : reader.ValueTextEquals("addedDateTime"u8) ? JsonField.Time(ref reader, out added)
                : JsonField.Skip(ref reader);
            if (!whole)
            {
                return false;
            }
        }

        return false;
    }

    private bool TryAppRoles(ref Utf8JsonReader reader, out ImmutableArray<AppRole> roles, ref string? fault)
    {
        roles = [];
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            fault ??= reader.TokenType == JsonTokenType.Null ? null : "appRoles is not a list";
            return reader.TrySkip();
        }

        ImmutableArray<AppRole>.Builder? read = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                roles = read?.DrainToImmutable() ?? [];
                return true;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                fault ??= "an app role is not an object";
                if (!reader.TrySkip())
                {
                    return false;
                }

                continue;
            }

            if (!TryAppRole(ref reader, out var role, ref fault))
            {
                return false;
            }

            if (role is not null)
            {
                (read ??= ImmutableArray.CreateBuilder<AppRole>(4)).Add(role);
            }
        }

        return false;
    }

    private bool TryAppRole(ref Utf8JsonReader reader, out AppRole? role, ref string? fault)
    {
        role = null;
        Guid? id = null;
        string? value = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                fault ??= id is null ? "the id of an app role is missing" : null;
                role = id is null ? null : new AppRole(id.Value, value);
                return true;
            }

            var whole = reader.ValueTextEquals("id"u8) ? JsonField.Id(ref reader, out id, ref fault, "the id of an app role")
                : reader.ValueTextEquals("value"u8) ? JsonField.Text(ref reader, _pool, out value)
                : JsonField.Skip(ref reader);
            if (!whole)
            {
                return false;
            }
        }

        return false;
    }
}
