using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Governance.Api.Http;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Resources;

/// <summary>What every operation by which a person acts shares: who acts is the proven caller, never a name in the body.</summary>
internal static class Acting
{
    private const int LongestText = 4000;

    /// <exception cref="ApiProblemException">This head keeps no decisions.</exception>
    public static DecisionStores StoresOf(ApiCall call) =>
        call.Api.Decisions ?? throw new ApiProblemException(501, "decisions-not-kept", "this server keeps no decisions");

    public static Task<Person> PersonAsync(ApiCall call, Guid tenant) => StoresOf(call).Persons.ActingAsync(tenant, call.Caller!.Id, call.Aborted);

    /// <exception cref="ApiProblemException">The rules do not allow the act, or the ledger does not hold.</exception>
    public static async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (ActRefusedException refused)
        {
            throw refused.OfPerson
                ? new ApiProblemException(403, "not-this-person", refused.Message) { Suspicious = true }
                : refused.OfNothing ? new ApiProblemException(404, "not-found", refused.Message)
                : new ApiProblemException(409, "act-refused", refused.Message);
        }
        catch (LedgerBrokenException)
        {
            throw new ApiProblemException(503, "ledger-broken", "the decision ledger does not hold, so nothing is decided on it");
        }
    }

    public static Task<GovernanceRecord> ActAsync(ApiCall call, Guid tenant, Func<GovernanceRecord, LedgerDraft> act) =>
        GuardedAsync(() => new RecordAct(StoresOf(call).Ledger, call.Mark).RunAsync(tenant, act, call.Aborted));

    public static Task<GovernanceRecord> RecordAsync(ApiCall call, Guid tenant) =>
        GuardedAsync(async () => GovernanceRecord.Of(await StoresOf(call).Ledger.ReadAsync(tenant, call.Aborted).ConfigureAwait(false)));

    /// <exception cref="ApiProblemException">The last scan shows no such app, or it has no application id.</exception>
    public static (AssessedApp App, Guid AppId) App(StoredFacts facts, string wanted) =>
        Guid.TryParse(wanted, out var id) && facts.State.Apps.FirstOrDefault(app => app.Id == id || app.App.Principal.AppId == id) is { } found
            ? (found, found.App.Principal.AppId ?? throw new ApiProblemException(409, "no-application-id", "the app has no application id, so no decision can name it"))
            : throw ApiProblemException.NotFound("app");

    /// <returns>Null when the field is not given.</returns>
    public static string? Text(JsonDocument fields, string name)
    {
        if (!fields.RootElement.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return field.ValueKind == JsonValueKind.String && field.GetString() is { Length: > 0 and <= LongestText } text
            ? text
            : throw ApiProblemException.Invalid("invalid-field", $"{name} is not a text of at most {LongestText} characters");
    }

    public static string Needed(JsonDocument fields, string name) => Text(fields, name) ?? throw ApiProblemException.Invalid("missing-field", $"{name} is missing");

    public static DateOnly? Day(JsonDocument fields, string name) => Text(fields, name) is not { } text
        ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw ApiProblemException.Invalid("invalid-field", $"{name} is not a day as yyyy-MM-dd");

    public static ImmutableArray<string>? Texts(JsonDocument fields, string name)
    {
        if (!fields.RootElement.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return field.ValueKind == JsonValueKind.Array && field.EnumerateArray().All(item => item is { ValueKind: JsonValueKind.String })
            ? [.. field.EnumerateArray().Select(item => item.GetString()!)]
            : throw ApiProblemException.Invalid("invalid-field", $"{name} is not a list of texts");
    }

    /// <summary>What an act answers: what it concerns, how that stands now, and the entry that keeps it.</summary>
    public static ApiAnswer Done(int status, string id, string state, long entry) => ApiAnswer.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("state", state);
        json.WriteNumber("entry", entry);
        json.WriteEndObject();
    });
}
