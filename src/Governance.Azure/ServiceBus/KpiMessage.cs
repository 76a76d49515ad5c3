namespace Governance.Azure.ServiceBus;

/// <summary>The message that asks for the figures of a scan to be proven: <c>{"schema":1,"tenantId":"...","scanId":"..."}</c>.</summary>
public sealed record KpiMessage(Guid TenantId, string ScanId)
{
    public BinaryData ToBody() => TenantMessage.Body(TenantId, "scanId", ScanId);

    /// <returns>Null when it is not such a message.</returns>
    public static KpiMessage? Read(ReadOnlyMemory<byte> body) =>
        TenantMessage.Read(body, "scanId") is var (tenant, scanId) && scanId is { Length: > 0 and <= 64 } ? new KpiMessage(tenant, scanId) : null;
}
