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
        var draft = Draft.Empty;
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

            if (JsonField.Name(ref reader).SequenceEqual("id"u8))
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
            _rows.Add(draft.Built(id!.Value));
        }

        return true;
    }

    protected override void Clear() => _rows.Clear();

    protected override void HandOn() => _rows.ForEach(kept);

    private bool TryMember(ref Utf8JsonReader reader, ref Draft draft, ref string? fault)
    {
        bool whole;
        var name = JsonField.Name(ref reader);
        if (name.SequenceEqual("appId"u8))
        {
            whole = JsonField.Id(ref reader, out var value, ref fault, "appId");
            draft.AppId = value;
        }
        else if (name.SequenceEqual("displayName"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft.DisplayName = value;
        }
        else if (name.SequenceEqual("appDisplayName"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft.AppDisplayName = value;
        }
        else if (name.SequenceEqual("appOwnerOrganizationId"u8))
        {
            whole = JsonField.OptionalId(ref reader, out var value);
            draft.OwnerTenantId = value;
        }
        else if (name.SequenceEqual("servicePrincipalType"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft.Type = value;
        }
        else if (name.SequenceEqual("accountEnabled"u8))
        {
            whole = JsonField.Flag(ref reader, out var value);
            draft.Enabled = value;
        }
        else if (name.SequenceEqual("verifiedPublisher"u8))
        {
            whole = TryPublisher(ref reader, out var value);
            draft.VerifiedPublisher = value;
        }
        else if (name.SequenceEqual("publisherName"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft.PublisherName = value;
        }
        else if (name.SequenceEqual("createdDateTime"u8))
        {
            whole = JsonField.Time(ref reader, out var value);
            draft.CreatedAt = value;
        }
        else if (name.SequenceEqual("homepage"u8))
        {
            whole = JsonField.Text(ref reader, out var value);
            draft.Homepage = value;
        }
        else if (name.SequenceEqual("replyUrls"u8))
        {
            whole = JsonField.Texts(ref reader, null, out var value);
            draft.ReplyUrls = value;
        }
        else if (name.SequenceEqual("tags"u8))
        {
            whole = JsonField.Texts(ref reader, _pool, out var value);
            draft.Tags = value;
        }
        else if (name.SequenceEqual("appRoleAssignmentRequired"u8))
        {
            whole = JsonField.Flag(ref reader, out var value);
            draft.AssignmentRequired = value == true;
        }
        else if (name.SequenceEqual("disabledByMicrosoftStatus"u8))
        {
            whole = JsonField.Text(ref reader, _pool, out var value);
            draft.DisabledByMicrosoft = value;
        }
        else if (name.SequenceEqual("appRoles"u8))
        {
            whole = TryAppRoles(ref reader, out var value, ref fault);
            draft.AppRoles = value;
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

            var member = JsonField.Name(ref reader);
            var whole = member.SequenceEqual("displayName"u8) ? JsonField.Text(ref reader, _pool, out name)
                : member.SequenceEqual("verifiedPublisherId"u8) ? JsonField.Text(ref reader, _pool, out id)
                : member.SequenceEqual("addedDateTime"u8) ? JsonField.Time(ref reader, out added)
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

            var name = JsonField.Name(ref reader);
            var whole = name.SequenceEqual("id"u8) ? JsonField.Id(ref reader, out id, ref fault, "the id of an app role")
                : name.SequenceEqual("value"u8) ? JsonField.Text(ref reader, _pool, out value)
                : JsonField.Skip(ref reader);
            if (!whole)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The members read so far, so that a principal is made once and not anew for each of them.</summary>
    private struct Draft
    {
        public static Draft Empty => new() { ReplyUrls = [], Tags = [], AppRoles = [] };

        public Guid? AppId;
        public string? DisplayName;
        public string? AppDisplayName;
        public Guid? OwnerTenantId;
        public string? Type;
        public bool? Enabled;
        public VerifiedPublisher? VerifiedPublisher;
        public string? PublisherName;
        public DateTimeOffset? CreatedAt;
        public string? Homepage;
        public ImmutableArray<string> ReplyUrls;
        public ImmutableArray<string> Tags;
        public bool AssignmentRequired;
        public string? DisabledByMicrosoft;
        public ImmutableArray<AppRole> AppRoles;

        public readonly ServicePrincipal Built(Guid id) => new()
        {
            Id = id,
            AppId = AppId,
            DisplayName = DisplayName,

            // Most names agree; one string then does for both.
            AppDisplayName = AppDisplayName == DisplayName ? DisplayName : AppDisplayName,
            OwnerTenantId = OwnerTenantId,
            Type = Type,
            Enabled = Enabled,
            VerifiedPublisher = VerifiedPublisher,
            PublisherName = PublisherName,
            CreatedAt = CreatedAt,
            Homepage = Homepage,
            ReplyUrls = ReplyUrls,
            Tags = Tags,
            AssignmentRequired = AssignmentRequired,
            DisabledByMicrosoft = DisabledByMicrosoft,
            AppRoles = AppRoles,
        };
    }
}
