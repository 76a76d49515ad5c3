using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Finds out which tenant answers, and refuses another than the one meant.</summary>
internal static class OrganizationRead
{
    /// <returns>The tenant, or why it could not be read.</returns>
    /// <exception cref="TenantAccessDeniedException">The token is refused, or belongs to another tenant.</exception>
    /// <exception cref="SourceUnreachableException">Nothing answers.</exception>
    public static async Task<(Organization? Organization, GraphFault? Fault)> ReadAsync(TenantRead read, ITokenSource tokens)
    {
        await Task.Yield();
        Organization? found = null;
        var rows = new DocumentRows<Organization>(OrganizationRow.Read, organization => found ??= organization);
        try
        {
            var request = new PageRequest(read.Endpoint.At(GraphQueries.Organization), null, false, new RequestMeter(read.Meter), read.Directory);
            await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
        }
        catch (GraphFault fault) when (fault.Kind == FaultKind.TokenRefused)
        {
            throw new TenantAccessDeniedException(401, $"{read.Endpoint.HostAndPort} does not accept the token (401)");
        }
        catch (GraphFault fault) when (read.Meter.Answered == 0)
        {
            throw new SourceUnreachableException($"{read.Endpoint.HostAndPort} cannot be reached: {Cause(fault)}", fault);
        }
        catch (GraphFault fault)
        {
            return (null, fault);
        }

        rows.Keep();
        if (found is null)
        {
            return (null, new GraphFault(FaultKind.Refused, "the list of organizations names none"));
        }

        await RefuseOtherAsync(read, tokens, found.TenantId).ConfigureAwait(false);
        return (found, null);
    }

    /// <summary>Takes the tenant's id from the token when the directory would not tell it.</summary>
    /// <exception cref="TenantAccessDeniedException">The token does not tell it either, or nothing at all may be read.</exception>
    /// <exception cref="SourceUnreachableException">The directory failed to answer, and the token does not tell the tenant.</exception>
    public static async Task<Organization> FromTokenAsync(TenantRead read, ITokenSource tokens, GraphFault fault, IEnumerable<PartReading> parts)
    {
        var rights = string.Join(", ", Inventory.Needed.Select(Rights.Of).Prepend(Rights.Organization).Distinct());
        if (fault.Kind == FaultKind.AccessDenied && parts.All(part => part.Status == PartStatus.Unavailable))
        {
            throw new TenantAccessDeniedException(403, $"{read.Endpoint.HostAndPort} refuses every collection (403); the application needs {rights}");
        }

        var token = await tokens.TokenAsync(read.Endpoint.TokenScope, null, null, read.Token).ConfigureAwait(false);
        if (TokenClaims.TenantOf(token) is { } tenant)
        {
            await RefuseOtherAsync(read, tokens, tenant).ConfigureAwait(false);
            return new Organization(tenant, string.Empty, null);
        }

        var reason = $"{read.Endpoint.HostAndPort} does not say which tenant it is: {fault.Words(Rights.Organization)}";
        throw fault.Refusal ? new TenantAccessDeniedException(fault.Status ?? 403, reason) : new SourceUnreachableException(reason, fault);
    }

    private static async Task RefuseOtherAsync(TenantRead read, ITokenSource tokens, Guid answers)
    {
        if (read.Options.TenantId is { } meant && meant != answers)
        {
            throw new TenantAccessDeniedException(403, $"wrong tenant: {answers} answers, {meant} was meant; nothing was kept");
        }

        var token = await tokens.TokenAsync(read.Endpoint.TokenScope, null, null, read.Token).ConfigureAwait(false);
        if (TokenClaims.TenantOf(token) is { } own && own != answers)
        {
            throw new TenantAccessDeniedException(403, $"wrong tenant: {answers} answers, the token belongs to {own}; nothing was kept");
        }
    }

    private static string Cause(GraphFault fault)
    {
        var cause = fault.InnerException?.InnerException?.Message ?? fault.InnerException?.Message ?? fault.Message;
        return fault.Kind == FaultKind.NoConnection ? cause.Split('\n', 2)[0].Trim() : fault.Message;
    }
}
