using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Cli.Serving;

/// <summary>Reads the file of <c>--tenants</c>: a JSON object whose <c>tenants</c> lists what is different for each.</summary>
internal static class TenantsFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <param name="usual">What holds for a tenant as far as the file does not say otherwise.</param>
    /// <exception cref="CliException">The file cannot be used; says where, and no value.</exception>
    public static ImmutableArray<TenantSetting> Read(FileInfo file, TenantSetting usual)
    {
        Document read;
        try
        {
            read = JsonSerializer.Deserialize<Document>(Settings.ReadText(file), Strict) ?? throw new JsonException();
        }
        catch (JsonException problem)
        {
            throw CliException.Usage($"--tenants: {file.Name} line {(problem.LineNumber ?? 0) + 1}: not a list of tenants; {problem.Path ?? "the file"} is not understood");
        }

        if (read.Tenants is not { Length: > 0 } tenants)
        {
            throw CliException.Usage($"--tenants: {file.Name} names no tenant");
        }

        var settings = tenants.Select((tenant, at) => Setting(tenant, $"--tenants: {file.Name}, tenant {at + 1}", file.DirectoryName!, usual)).ToImmutableArray();
        return settings.GroupBy(setting => setting.Id).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw CliException.Usage($"--tenants: {file.Name} names tenant {twice.Key} twice")
            : settings;
    }

    private static TenantSetting Setting(Entry tenant, string place, string folder, TenantSetting usual)
    {
        if (tenant.Id == Guid.Empty)
        {
            throw CliException.Usage($"{place}: 'id' is missing or empty");
        }

        return usual with
        {
            Id = tenant.Id,
            Policy = tenant.Policy is null ? usual.Policy : Settings.Existing(new FileInfo(Path.Combine(folder, tenant.Policy))),
            TokenEnv = tenant.TokenEnv ?? usual.TokenEnv,
            Endpoint = tenant.GraphEndpoint ?? usual.Endpoint,
            Full = tenant.FullScan is null ? usual.Full : ServeOptions.Cron($"{place}: 'fullScan'", tenant.FullScan),
            Nightly = tenant.NightlyScan is null ? usual.Nightly : ServeOptions.Cron($"{place}: 'nightlyScan'", tenant.NightlyScan),
            Zone = tenant.TimeZone is null ? usual.Zone : ServeOptions.Zone($"{place}: 'timeZone'", tenant.TimeZone),
        };
    }

    private sealed record Document(Entry[] Tenants);

    private sealed record Entry(Guid Id, string? Policy, string? TokenEnv, string? GraphEndpoint, string? FullScan, string? NightlyScan, string? TimeZone);
}
