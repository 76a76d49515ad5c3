using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>A product with its place in the file.</summary>
/// <param name="Offset">Byte at which its entry begins.</param>
internal readonly record struct PlacedProduct(Product Product, int Offset);

/// <summary>Reads a catalogue file: <c>{ "version", "replaces", "products": [...] }</c>.</summary>
/// <remarks>Every mistake is told with line and column; a file that is no JSON tells the first one only.</remarks>
internal ref struct CatalogueReader(ReadOnlySpan<byte> json)
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json, Options);

    public List<PlacedProduct> Products { get; } = new(1024);

    public List<Problem> Problems { get; } = [];

    public string? Version { get; private set; }

    /// <summary>True when the file stands alone instead of adding to the built-in catalogue.</summary>
    public bool Replaces { get; private set; }

    public void Read()
    {
        try
        {
            ReadFile();
        }
        catch (JsonException broken)
        {
            Problems.Add(new Problem((int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1, "not JSON: " + FirstSentence(broken.Message)));
        }
    }

    /// <summary>The place of a byte in the file, as people count.</summary>
    public static (int Line, int Column) Place(ReadOnlySpan<byte> json, int offset)
    {
        var before = json[..Math.Min(offset, json.Length)];
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return (before.Count((byte)'\n') + 1, column);
    }

    private void ReadFile()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            Say("a catalogue is an object with \"version\" and \"products\"");
            return;
        }

        var products = false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = _reader.GetString();
            _reader.Read();
            switch (property)
            {
                case "$schema": _reader.Skip(); break;
                case "version": Version = Text("version"); break;
                case "replaces": Replaces = Flag(); break;
                case "products": products = true; ReadProducts(); break;
                default: Say($"unknown property \"{property}\""); _reader.Skip(); break;
            }
        }

        if (!products && Problems.Count == 0)
        {
            Say("\"products\" is missing");
        }

        while (_reader.Read())
        {
        }
    }

    private bool Flag()
    {
        if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            Say("\"replaces\" is true or false");
            _reader.Skip();
            return false;
        }

        return _reader.GetBoolean();
    }

    private void ReadProducts()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Say("\"products\" is a list");
            _reader.Skip();
            return;
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                Say("a product is an object");
                _reader.Skip();
                continue;
            }

            ReadProduct();
        }
    }

    private void ReadProduct()
    {
        var offset = (int)_reader.TokenStartIndex;
        string? name = null, vendor = null, category = null;
        AiVerdict? kind = null;
        ImmutableArray<string> domains = [], aliases = [], ambiguous = [], publishers = [], appIds = [];
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = _reader.GetString();
            _reader.Read();
            switch (property)
            {
                case "name": name = Text(property); break;
                case "vendor": vendor = Text(property); break;
                case "kind": kind = Kind(); break;
                case "category": category = Category(); break;
                case "domains": domains = Texts(property); break;
                case "aliases": aliases = Texts(property); break;
                case "ambiguous": ambiguous = Texts(property); break;
                case "publishers": publishers = Texts(property); break;
                case "appIds": appIds = Texts(property); break;
                case "note" or "source" or "checked": Text(property); break;
                default: Say($"unknown property \"{property}\""); _reader.Skip(); break;
            }
        }

        var ids = ImmutableArray.CreateBuilder<Guid>(appIds.Length);
        foreach (var id in appIds)
        {
            if (Guid.TryParseExact(id, "D", out var parsed))
            {
                ids.Add(parsed);
            }
            else
            {
                SayAt(offset, $"\"{id}\" is no application id");
            }
        }

        if (name is null || vendor is null || kind is null || category is null)
        {
            var missing = name is null ? "name" : vendor is null ? "vendor" : kind is null ? "kind" : "category";
            SayAt(offset, $"product {name ?? "without name"}: \"{missing}\" is missing or wrong");
            return;
        }

        Products.Add(new PlacedProduct(
            new Product(name, vendor, kind.Value, category, domains, aliases, ambiguous, publishers, ids.DrainToImmutable()), offset));
    }

    private AiVerdict? Kind()
    {
        switch (Text("kind"))
        {
            case "ai": return AiVerdict.Ai;
            case "aiFeature": return AiVerdict.AiFeature;
            case "notAi": return AiVerdict.NotAi;
            default: Say("\"kind\" is ai, aiFeature or notAi"); return null;
        }
    }

    private string? Category()
    {
        var text = Text("category");
        if (text is not null && ProductCategories.All.TryGetValue(text, out var category))
        {
            return category;
        }

        Say($"unknown category \"{text}\"; known are {string.Join(", ", ProductCategories.All.Order(StringComparer.Ordinal))}");
        return null;
    }

    private string? Text(string property)
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            Say($"\"{property}\" is a text");
            _reader.Skip();
            return null;
        }

        var text = WholeText();
        if (text is null || string.IsNullOrWhiteSpace(text))
        {
            Say($"\"{property}\" is empty or not valid text");
            return null;
        }

        return text;
    }

    private ImmutableArray<string> Texts(string property)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Say($"\"{property}\" is a list of texts");
            _reader.Skip();
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (Text(property) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts.DrainToImmutable();
    }

    /// <returns>Null for an escaped lone surrogate or invalid UTF-8.</returns>
    private readonly string? WholeText()
    {
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private readonly void Say(string message) => SayAt((int)_reader.TokenStartIndex, message);

    private readonly void SayAt(int offset, string message)
    {
        var (line, column) = Place(_json, offset);
        Problems.Add(new Problem(line, column, message));
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? message : string.Create(CultureInfo.InvariantCulture, $"{message.AsSpan(0, end)}");
    }
}
