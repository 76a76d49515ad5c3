using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Takes a user as read: department in UTF-8, empty for none.</summary>
internal delegate void UserTaken(Guid id, ReadOnlySpan<byte> department, bool? enabled, bool guest);

/// <summary>Graph <c>user</c>: id, department, account state and type; nothing else is looked at.</summary>
internal sealed class UserRows(UserTaken taken) : PageRows
{
    public UserRows(UsersBuilder all)
        : this(all.Add)
    {
    }

    private readonly List<Row> _rows = [];
    private readonly PageBytes _texts = new();

    private readonly record struct Row(Guid Id, (int Start, int Length) Department, bool? Enabled, bool Guest);

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        Guid? id = null;
        bool? enabled = null;
        var guest = false;
        (int, int) department = default;
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
            if (name.SequenceEqual("id"u8))
            {
                whole = JsonField.Id(ref reader, out id, ref fault, "id");
            }
            else if (name.SequenceEqual("department"u8))
            {
                whole = reader.Read();
                department = whole && reader.TokenType == JsonTokenType.String ? _texts.Add(ref reader) : default;
                whole = whole && reader.TrySkip();
            }
            else if (name.SequenceEqual("accountEnabled"u8))
            {
                whole = JsonField.Flag(ref reader, out enabled);
            }
            else if (name.SequenceEqual("userType"u8))
            {
                whole = reader.Read();
                guest = whole && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Guest"u8);
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

        fault ??= id is null ? "id is missing" : null;
        if (fault is null)
        {
            _rows.Add(new Row(id!.Value, department, enabled, guest));
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
            taken(row.Id, _texts[row.Department], row.Enabled, row.Guest);
        }
    }
}
