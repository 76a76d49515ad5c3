using System.ComponentModel.DataAnnotations;
using Governance.Core.Consents;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Settings;

/// <summary>What is audited and by which rules.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Tenant ids with commas between them; about 3,000 fit a setting.</summary>
    public string Tenants { get; set; } = string.Empty;

    /// <summary>More tenants: a file with an id on each line, <c>#</c> before a remark; a relative path is below the folder of the program. Empty for none.</summary>
    public string? TenantsFile { get; set; }

    /// <summary>Policy file; a relative path is below the folder of the program. Empty for the built-in policy, which approves nothing.</summary>
    public string? PolicyFile { get; set; }

    /// <summary>Products that extend or replace the built-in catalogue; empty for the built-in one.</summary>
    public string? CatalogueFile { get; set; }

    /// <summary>Client id of the user-assigned identity that reads Graph; empty for whoever is signed in.</summary>
    public string? ReaderClientId { get; set; }

    /// <summary>Multi-tenant application that trusts the identity; empty where the identity's own tenant is the only one audited.</summary>
    public string? ApplicationId { get; set; }

    /// <summary>Client id of the user-assigned identity that carries out revocations; empty where nothing may be revoked. Never the reader.</summary>
    public string? WriterClientId { get; set; }

    /// <summary>Multi-tenant application that trusts the writer; empty where the identity's own tenant is the only one audited.</summary>
    public string? WriterApplicationId { get; set; }

    /// <summary>How long one reading may take; must end before the host's <c>functionTimeout</c>. Default 45 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:55:00")]
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromMinutes(45);

    /// <summary>Graph root; other clouds have another one.</summary>
    [Required]
    public Uri GraphEndpoint { get; set; } = new("https://graph.microsoft.com/v1.0");

    /// <summary>Parts to read beside the needed ones, with commas between them: ConsentEvents, ConsentRequests, SignInActivity.</summary>
    public string OptionalParts { get; set; } = string.Empty;

    /// <exception cref="IOException">The file of tenants cannot be read.</exception>
    public IEnumerable<string> TenantTexts => Split(Tenants).Concat(string.IsNullOrEmpty(TenantsFile)
        ? []
        : File.ReadAllLines(ConfiguredTenants.PathOf(TenantsFile)).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0));

    public IEnumerable<string> PartTexts => Split(OptionalParts);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal sealed class AuditOptionsCheck : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var problems = new List<string>();
        var missing = !string.IsNullOrEmpty(options.TenantsFile) && !File.Exists(ConfiguredTenants.PathOf(options.TenantsFile));
        var tenants = missing ? [] : options.TenantTexts.ToArray();
        if (tenants.Length == 0 || tenants.Any(tenant => !Guid.TryParse(tenant, out var id) || id == Guid.Empty))
        {
            problems.Add("Audit__Tenants must be tenant ids with commas between them, or Audit__TenantsFile a file with one on each line");
        }

        if (options.PartTexts.Any(part => !Enum.TryParse<InventoryPart>(part, out var known) || Inventory.Needed.Contains(known)))
        {
            problems.Add("Audit__OptionalParts may name ConsentEvents, ConsentRequests and SignInActivity");
        }

        if (!string.IsNullOrEmpty(options.ApplicationId) && string.IsNullOrEmpty(options.ReaderClientId))
        {
            problems.Add("Audit__ApplicationId needs Audit__ReaderClientId: the identity that the application trusts");
        }

        if (!string.IsNullOrEmpty(options.WriterApplicationId) && string.IsNullOrEmpty(options.WriterClientId))
        {
            problems.Add("Audit__WriterApplicationId needs Audit__WriterClientId: the identity that the application trusts");
        }

        if (!string.IsNullOrEmpty(options.WriterClientId)
            && (string.IsNullOrEmpty(options.ReaderClientId) || Same(options.WriterClientId, options.ReaderClientId)
                || (!string.IsNullOrEmpty(options.WriterApplicationId) && Same(options.WriterApplicationId, options.ApplicationId))))
        {
            problems.Add("Audit__WriterClientId needs an Audit__ReaderClientId beside it, and must be another identity: what scans must not write");
        }

        foreach (var (setting, file) in new[] { ("Audit__TenantsFile", options.TenantsFile), ("Audit__PolicyFile", options.PolicyFile), ("Audit__CatalogueFile", options.CatalogueFile) })
        {
            if (!string.IsNullOrEmpty(file) && !File.Exists(ConfiguredTenants.PathOf(file)))
            {
                problems.Add($"{setting} names a file that is not there");
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static bool Same(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
