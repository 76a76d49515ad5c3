using Governance.Core.Policy;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Teams;

/// <summary>Opens the channels that a policy names.</summary>
/// <param name="address">Gives the address behind a name of <see cref="DigestSetting.UrlEnv"/>; null when there is none.</param>
/// <param name="token">Gives tokens to channels with <c>auth: entra</c>; asked for only then.</param>
public sealed class WorkflowChannels(
    HttpClient http, Func<string, string?> address, Func<ITokenSource> token, PostPace pace, TimeProvider time, ILogger<WorkflowChannel> logger)
{
    /// <summary>True to allow plain http to this machine, for trying things out.</summary>
    public bool Loopback { get; init; }

    /// <exception cref="ArgumentException">The channel cannot be used as it is set; the message says why and holds no secret.</exception>
    public WorkflowChannel Open(DigestSetting setting)
    {
        var text = setting.Url ?? address(setting.UrlEnv!);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException($"{setting.Name}: {setting.UrlEnv} is not set; it must hold the address of the workflow");
        }

        try
        {
            var options = OptionsOf(setting);
            return new WorkflowChannel(
                http, WorkflowEndpoint.Parse(text, setting.AllowedHosts, Loopback), options, options.Auth == WorkflowAuth.Entra ? token() : null, pace, time, logger);
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"{setting.Name}: {problem.Message}");
        }
    }

    public static WorkflowOptions OptionsOf(DigestSetting setting) => new()
    {
        Auth = Enum.Parse<WorkflowAuth>(setting.Auth, ignoreCase: true),
        Cloud = Enum.Parse<WorkflowCloud>(setting.Cloud, ignoreCase: true),
        Card = CardOf(setting),
    };

    /// <summary>How a channel's card is made; its report may be linked because the policy names it.</summary>
    public static CardOptions CardOf(DigestSetting setting) => new()
    {
        Version = setting.CardVersion,
        Report = setting.ReportUrl,
        AllowedHosts = setting.ReportUrl is { } report ? [report.Host] : [],
    };
}
