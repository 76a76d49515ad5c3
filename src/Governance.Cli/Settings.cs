using System.CommandLine;
using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Policy;
using Governance.Core.Text;
using Governance.PolicyFile;

namespace Governance.Cli;

/// <summary>Options that several commands share, and the reading of the files they name.</summary>
internal static class Settings
{
    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "Folder that keeps scans and findings",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Environment.GetEnvironmentVariable("GOVERNANCE_DATA")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "governance")),
    };

    public static Option<FileInfo?> Policy() => new("--policy")
    {
        Description = "governance.yaml with approved and denied tools; without it nothing is approved",
        HelpName = "FILE",
    };

    public static Option<FileInfo?> Catalogue() => new("--catalogue")
    {
        Description = "Products that extend or replace the built-in catalogue (JSON)",
        HelpName = "FILE",
    };

    public static Option<Guid?> Tenant() => new("--tenant")
    {
        Description = "Tenant id, where the folder keeps several",
        HelpName = "ID",
    };

    public static Option<string> Format(params string[] formats)
    {
        var option = new Option<string>("--format")
        {
            Description = $"How to write the result: {string.Join(", ", formats)}",
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => formats[0],
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Option<string> LanguageTag()
    {
        var option = new Option<string>("--language")
        {
            Description = $"Language: {string.Join(", ", Core.Digest.Language.Tags)}",
            HelpName = "TAG",
            DefaultValueFactory = _ => "en",
        };
        option.AcceptOnlyFromAmong([.. Core.Digest.Language.Tags]);
        return option;
    }

    public static Option<string?> Period()
    {
        var option = new Option<string?>("--period") { Description = "Tell changes and trends over the period of the last scan; default: over the last scan alone", HelpName = "day|week|month|quarter" };
        option.AcceptOnlyFromAmong("day", "week", "month", "quarter");
        return option;
    }

    public static ReportingPeriod? PeriodOf(string? name) => name is null ? null : Enum.Parse<ReportingPeriod>(name, ignoreCase: true);

    /// <summary>What holds where no policy file is named.</summary>
    public static (GovernancePolicy Policy, string Text) NoPolicy => (GovernancePolicy.BuiltIn, string.Empty);

    /// <summary>The policy a file holds, with its text; the built-in one when no file is named.</summary>
    /// <param name="zones">Zones that digests may be posted by; null to take any name.</param>
    public static (GovernancePolicy Policy, string Text) ReadPolicy(FileInfo? file, ProductCatalogue catalogue, ZoneNames? zones = null)
    {
        if (file is null)
        {
            return NoPolicy;
        }

        var text = ReadText(file);
        return (Value(Policies(text, catalogue, zones), file), text);
    }

    /// <summary>Reads a policy whose tools must be in the catalogue.</summary>
    /// <param name="zones">Zones that digests may be posted by; null to take any name.</param>
    public static Parsed<GovernancePolicy> Policies(string text, ProductCatalogue catalogue, ZoneNames? zones)
    {
        NameFormCheck.Run();
        var names = catalogue.Products.SelectMany(product => product.Aliases.Prepend(product.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return PolicyYaml.Read(text, names.Contains, names, zones);
    }

    public static ProductCatalogue ReadCatalogue(FileInfo? file) =>
        file is null ? ProductCatalogue.Embedded : Value(ProductCatalogue.Parse(File.ReadAllBytes(Existing(file).FullName)), file);

    /// <exception cref="CliException">The file has problems; each is one line with its place.</exception>
    public static T Value<T>(Parsed<T> parsed, FileInfo file) => parsed switch
    {
        Parsed<T>.Good good => good.Value,
        Parsed<T>.Bad bad => throw CliException.Usage(string.Join(
            Environment.NewLine, bad.Problems.Select(problem => $"{file.Name}: {problem}"))),
        _ => throw new InvalidOperationException("a reading is good or bad"),
    };

    public static string ReadText(FileInfo file)
    {
        try
        {
            return File.ReadAllText(Existing(file).FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"cannot read {file.FullName}: {error.Message}");
        }
    }

    public static FileInfo Existing(FileInfo file) =>
        file.Exists ? file : throw CliException.Usage($"there is no file {file.FullName}");
}
