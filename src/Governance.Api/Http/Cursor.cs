using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Governance.Api.Http;

/// <summary>Where a list goes on: the sort key of the last item given, signed together with the list it belongs to.</summary>
/// <param name="Number">First sort key, descending.</param>
/// <param name="Moment">Second sort key as ticks, descending; 0 where there is none.</param>
/// <param name="Id">Last sort key, ascending.</param>
internal readonly record struct Cursor(long Number, long Moment, string Id)
{
    private const int Longest = 600;

    /// <param name="list">Everything that makes the list what it is: operation, tenant, filters.</param>
    public string Write(byte[] key, string list)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new object[] { Number, Moment, Id });
        return Base64Url.EncodeToString([.. Signature(key, list, payload), .. payload]);
    }

    /// <exception cref="ApiProblemException">The text is no cursor of this list.</exception>
    public static Cursor Read(byte[] key, string list, string text)
    {
        if (text.Length > Longest || !Base64Url.IsValid(text))
        {
            throw Invalid();
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= HMACSHA256.HashSizeInBytes)
        {
            throw Invalid();
        }

        var payload = bytes[HMACSHA256.HashSizeInBytes..];
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, HMACSHA256.HashSizeInBytes), Signature(key, list, payload)))
        {
            throw Invalid();
        }

        using var read = JsonDocument.Parse(payload);
        return new Cursor(read.RootElement[0].GetInt64(), read.RootElement[1].GetInt64(), read.RootElement[2].GetString()!);
    }

    private static byte[] Signature(byte[] key, string list, byte[] payload) => HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(list), 0, .. payload]);

    private static ApiProblemException Invalid() => ApiProblemException.Invalid("invalid-cursor", "the cursor is not one of this list; start again without it");
}
