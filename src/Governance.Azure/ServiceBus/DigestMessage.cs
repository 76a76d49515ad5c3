namespace Governance.Azure.ServiceBus;

/// <summary>The message that asks to post what a channel is owed: <c>{"schema":1,"tenantId":"...","channel":"..."}</c>.</summary>
public sealed record DigestMessage(Guid TenantId, string Channel)
{
    public BinaryData ToBody() => TenantMessage.Body(TenantId, "channel", Channel);

    /// <returns>Null when it is not such a message.</returns>
    public static DigestMessage? Read(ReadOnlyMemory<byte> body) =>
        TenantMessage.Read(body, "channel") is var (tenant, channel) ? new DigestMessage(tenant, channel) : null;
}
