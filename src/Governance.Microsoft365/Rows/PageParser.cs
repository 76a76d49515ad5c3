using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>How the JSON of a source is laid out.</summary>
internal enum PageLayout
{
    /// <summary>One object with the rows in <c>value</c>.</summary>
    Page,

    /// <summary>Such objects one after another.</summary>
    Pages,

    /// <summary>Rows, one after another or in lists.</summary>
    Rows,

    /// <summary>One object with the answers to a batch in <c>responses</c>.</summary>
    Batch,

    /// <summary>One object with AzureHound's rows in <c>data</c>.</summary>
    Hound,
}

/// <summary>Takes JSON as it arrives, in pieces of any size, and reads each row once it is there.</summary>
/// <param name="ended">Called at the end of each page, before the next begins.</param>
internal sealed class PageParser(PageRows rows, PageLayout layout, Action<PageEnvelope>? ended = null)
{
    private const int MaxDepth = 256;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth, AllowMultipleValues = layout is PageLayout.Pages or PageLayout.Rows });
    private Place _place = Place.Outside;
    private Name _member;
    private int _skipTo = -1;
    private PageEnvelope _page = PageEnvelope.Empty;

    private enum Place
    {
        Outside,
        Page,
        Member,
        Rows,
    }

    private enum Name
    {
        Other,
        Value,
        NextLink,
        DeltaLink,
        Count,
        Context,
    }

    /// <summary>The last page read to its end.</summary>
    public PageEnvelope Last { get; private set; } = PageEnvelope.Empty;

    /// <param name="final">True when nothing will follow these bytes.</param>
    /// <returns>How many bytes were used up; the rest must be given again with more.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, not of the layout, or end too early.</exception>
    public int Parse(ReadOnlySpan<byte> bytes, bool final)
    {
        var reader = new Utf8JsonReader(bytes, final, _state);
        while (true)
        {
            var before = reader;
            if (!reader.Read())
            {
                break;
            }

            if (_skipTo >= 0)
            {
                _skipTo = reader.CurrentDepth == _skipTo && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? -1 : _skipTo;
            }
            else if (!TryTake(ref reader))
            {
                reader = before;
                break;
            }
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    /// <returns>False when the bytes at hand end inside a row.</returns>
    private bool TryTake(ref Utf8JsonReader reader)
    {
        switch (_place)
        {
            case Place.Outside:
                return TryTakeOutside(ref reader);
            case Place.Page when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.Outside;
                Last = _page;
                _page = PageEnvelope.Empty;
                ended?.Invoke(Last);
                return true;
            case Place.Page:
                _member = reader.ValueTextEquals(layout switch { PageLayout.Batch => "responses"u8, PageLayout.Hound => "data"u8, _ => "value"u8 }) ? Name.Value
                    : reader.ValueTextEquals("@odata.nextLink"u8) ? Name.NextLink
                    : reader.ValueTextEquals("@odata.deltaLink"u8) ? Name.DeltaLink
                    : reader.ValueTextEquals("@odata.count"u8) ? Name.Count
                    : reader.ValueTextEquals("@odata.context"u8) ? Name.Context
                    : Name.Other;
                _place = Place.Member;
                return true;
            case Place.Member:
                TakeMember(ref reader);
                return true;
            default:
                return TryTakeRow(ref reader);
        }
    }

    private bool TryTakeOutside(ref Utf8JsonReader reader)
    {
        if (layout == PageLayout.Rows)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0)
            {
                return true;
            }

            return TryTakeRow(ref reader);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a page is an object", null, null, null);
        }

        _place = Place.Page;
        return true;
    }

    private void TakeMember(ref Utf8JsonReader reader)
    {
        _place = Place.Page;
        switch (_member)
        {
            case Name.Value when reader.TokenType == JsonTokenType.StartArray:
                _page = _page with { HasValue = true };
                _place = Place.Rows;
                return;
            case Name.NextLink when reader.TokenType == JsonTokenType.String:
                _page = _page with { NextLink = JsonText.Of(ref reader) };
                return;
            case Name.DeltaLink when reader.TokenType == JsonTokenType.String:
                _page = _page with { DeltaLink = JsonText.Of(ref reader) };
                return;
            case Name.Count when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0:
                _page = _page with { Count = count };
                return;
            case Name.Context when reader.TokenType == JsonTokenType.String:
                rows.Context(JsonText.Of(ref reader));
                return;
            default:
                SkipFrom(ref reader);
                return;
        }
    }

    private bool TryTakeRow(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return rows.Read(ref reader) != RowOutcome.Cut;
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            _place = Place.Page;
            return true;
        }

        rows.Refuse("a row is not an object");
        SkipFrom(ref reader);
        return true;
    }

    /// <summary>Passes over an object or list of any size without holding it.</summary>
    private void SkipFrom(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _skipTo = reader.CurrentDepth;
        }
    }
}
