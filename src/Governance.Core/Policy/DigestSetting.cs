using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>A channel that receives digests, as the policy file says it.</summary>
/// <param name="Name">Tells channels apart; unique in the policy.</param>
/// <param name="Audience"><c>executive</c> or <c>security</c>.</param>
/// <param name="Language">Tag such as <c>zh-Hans</c>.</param>
/// <param name="At">Time of day on the first day of the period.</param>
/// <param name="Zone">IANA name of the zone that <paramref name="At"/> and the calendar are of.</param>
/// <param name="Url">Address without a secret in it; null when <paramref name="UrlEnv"/> names where it is.</param>
/// <param name="UrlEnv">Environment variable or setting that holds the address; null when <paramref name="Url"/> is given.</param>
/// <param name="Auth"><c>sas</c> or <c>entra</c>.</param>
/// <param name="Cloud"><c>public</c>, <c>gcc</c>, <c>gccHigh</c>, <c>dod</c> or <c>china</c>.</param>
/// <param name="CardVersion"><c>1.5</c> or <c>1.4</c>.</param>
/// <param name="AllowedHosts">Hosts the address may have beside those of Power Automate and Logic Apps.</param>
/// <param name="ReportUrl">Where the card links to; null for no link.</param>
/// <param name="Alerts">True when critical findings are told at once.</param>
public sealed record DigestSetting(
    string Name,
    string Audience,
    string Language,
    ReportingPeriod Period,
    TimeOnly At,
    string Zone,
    string? Url,
    string? UrlEnv,
    string Auth,
    string Cloud,
    string CardVersion,
    ImmutableArray<string> AllowedHosts,
    Uri? ReportUrl,
    bool Alerts)
{
    /// <summary>Tenants whose figures the channel may receive; null for every tenant that the policy judges.</summary>
    public ImmutableArray<Guid>? Tenants { get; init; }

    public bool Serves(Guid tenantId) => Tenants is not { } some || some.Contains(tenantId);
}
