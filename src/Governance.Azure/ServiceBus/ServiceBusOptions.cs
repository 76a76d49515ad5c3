using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;

namespace Governance.Azure.ServiceBus;

/// <summary>Where messages are carried.</summary>
public sealed partial class ServiceBusOptions
{
    /// <summary>The section is also the connection that the triggers name.</summary>
    public const string Section = "ServiceBus";

    /// <summary>Namespace, such as <c>name.servicebus.windows.net</c>.</summary>
    public string FullyQualifiedNamespace { get; set; } = string.Empty;

    /// <summary>Client id of the user-assigned identity; null for the identity of whoever runs the program.</summary>
    public string? ClientId { get; set; }

    /// <summary>Connection string of an emulator on this machine: the value of the setting <c>ServiceBus</c> itself, where triggers look for it too. Null or empty in Azure.</summary>
    public string? Emulator { get; internal set; }

    /// <returns>What is wrong, without any value; null when nothing is.</returns>
    internal string? Problem() => string.IsNullOrEmpty(Emulator)
        ? Namespace().IsMatch(FullyQualifiedNamespace) ? null : $"{Section}__{nameof(FullyQualifiedNamespace)} must be a namespace such as name.servicebus.windows.net"
        : IsEmulator(Emulator) ? null : $"{Section} may hold a connection string for an emulator on this machine only; in Azure set {Section}__{nameof(FullyQualifiedNamespace)}";

    private static bool IsEmulator(string connection)
    {
        try
        {
            return ServiceBusConnectionStringProperties.Parse(connection).Endpoint.IsLoopback && connection.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9](\.[a-z0-9-]+)+\z")]
    private static partial Regex Namespace();
}

internal sealed class ServiceBusOptionsCheck : IValidateOptions<ServiceBusOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceBusOptions options) =>
        options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}

/// <summary>Names of the queues.</summary>
public sealed class QueueOptions
{
    /// <summary>Queue of scans to carry out.</summary>
    [Required]
    public string ScanQueue { get; set; } = string.Empty;

    /// <summary>Queue that keeps what no attempt could handle, until it is replayed.</summary>
    [Required]
    public string ParkedQueue { get; set; } = string.Empty;

    /// <summary>Queue of digests to post.</summary>
    [Required]
    public string DigestQueue { get; set; } = string.Empty;

    /// <summary>Queue of scans whose figures are to be proven.</summary>
    [Required]
    public string KpiQueue { get; set; } = string.Empty;

    /// <summary>Attempts before a message is parked; at most what the queue itself allows. Default 5.</summary>
    [Range(1, 100)]
    public int MostAttempts { get; set; } = 5;
}
