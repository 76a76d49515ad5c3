using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Governance.Benchmarks;

/// <summary>The floor: the same pages over the same links, either only received or also tokenised, and nothing kept.</summary>
internal static class BareCollection
{
    private const int Parallelism = 8;

    private static ReadOnlySpan<byte> NextLink => "\"@odata.nextLink\":\""u8;

    public static async Task<long> RunAsync(Uri endpoint, string[] resources, bool parse)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "opaque");
        http.DefaultRequestHeaders.Add("ConsistencyLevel", "eventual");
        var root = endpoint.ToString().TrimEnd('/');
        string[] chains =
        [
            $"{root}/organization?$select=id,displayName,countryLetterCode",
            $"{root}/servicePrincipals?$top=999&$count=true&$select=id,appId,displayName,appDisplayName,appOwnerOrganizationId,servicePrincipalType,accountEnabled,verifiedPublisher,createdDateTime,homepage,replyUrls,tags,appRoleAssignmentRequired,disabledByMicrosoftStatus,appRoles",
            $"{root}/oauth2PermissionGrants?$top=999&$count=true&$select=id,clientId,consentType,principalId,resourceId,scope",
            $"{root}/users?$top=999&$count=true&$select=id,department,accountEnabled,userType",
        ];
        var bytes = chains.Select(chain => WalkAsync(http, chain, parse)).ToList();
        var total = 0L;
        await Parallel.ForEachAsync(resources, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (id, _) =>
        {
            var read = await WalkAsync(http, $"{root}/servicePrincipals/{id}/appRoleAssignedTo?$top=999&$select=id,appRoleId,createdDateTime,principalId,principalType,resourceId", parse);
            Interlocked.Add(ref total, read);
        });
        return total + (await Task.WhenAll(bytes)).Sum();
    }

    /// <returns>Bytes of all pages, or tokens when they were parsed.</returns>
    private static async Task<long> WalkAsync(HttpClient http, string first, bool parse)
    {
        var total = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        for (var next = first; next is not null;)
        {
            using var answer = await http.GetAsync(next, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync();
            var length = 0;
            for (int read; (read = await body.ReadAsync(buffer.AsMemory(length))) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            total += parse ? Tokens(buffer.AsSpan(0, length)) : length;
            next = Link(buffer.AsSpan(0, length));
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }

    private static long Tokens(ReadOnlySpan<byte> page)
    {
        var reader = new Utf8JsonReader(page);
        var tokens = 0L;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    private static string? Link(ReadOnlySpan<byte> page)
    {
        var at = page.IndexOf(NextLink);
        if (at < 0)
        {
            return null;
        }

        var rest = page[(at + NextLink.Length)..];
        return JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')])}\"");
    }
}
