using Governance.Embedded.InProcess;

namespace Governance.Cli.Serving;

/// <summary>How a server scans one tenant.</summary>
/// <param name="Policy">Null for the built-in policy, by which nothing is approved.</param>
/// <param name="TokenEnv">Variable that holds the token for Graph; null for the credential that the command line names.</param>
/// <param name="Endpoint">Graph root; null for the one of the command line.</param>
/// <param name="Full">When everything is read; null for never by itself.</param>
/// <param name="Nightly">When changes are read; null for never by itself.</param>
/// <param name="Zone">Zone of both.</param>
internal sealed record TenantSetting(Guid Id, FileInfo? Policy, string? TokenEnv, string? Endpoint, CronExpression? Full, CronExpression? Nightly, TimeZoneInfo Zone);
