using System.ComponentModel.DataAnnotations;

namespace Governance.Azure.ServiceBus;

/// <summary>Where messages are carried.</summary>
public sealed class ServiceBusOptions
{
    /// <summary>The section is also the connection that the triggers name.</summary>
    public const string Section = "ServiceBus";

    /// <summary>Namespace, such as <c>name.servicebus.windows.net</c>.</summary>
    [Required, RegularExpression(@"^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9](\.[a-z0-9-]+)+$")]
    public string FullyQualifiedNamespace { get; set; } = string.Empty;

    /// <summary>Client id of the user-assigned identity; null for the identity of whoever runs the program.</summary>
    public string? ClientId { get; set; }
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

    /// <summary>Attempts before a message is parked; at most what the queue itself allows. Default 5.</summary>
    [Range(1, 100)]
    public int MostAttempts { get; set; } = 5;
}
