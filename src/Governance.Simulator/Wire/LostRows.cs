using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>
/// Which grants a careless listing leaves out. One tenant gave 383, 505, 613, 796 and 839 of 839 rows at page sizes of 1, 10,
/// 100, 500 and 999; another gave 1,559 of 2,694 without the header (msgraph-sdk-powershell issue 2469).
/// </summary>
internal static class LostRows
{
    /// <returns>Null when nothing is left out.</returns>
    public static Func<SimulatedGrant, bool>? Shown(ulong seed, bool eventual, int pageSize)
    {
        var share = pageSize switch { >= ListPages.MaxPageSize => 0, >= 500 => 0.05, >= 100 => 0.27, >= 10 => 0.40, _ => 0.54 };
        if (!eventual)
        {
            share = Math.Max(share, 0.42);
        }

        return share == 0 ? null : row => Hash.Fraction(HashOf(seed, row)) >= share;
    }

    private static ulong HashOf(ulong seed, SimulatedGrant row) =>
        Hash.Mix(Hash.Mix(Hash.Mix(seed, Low(row.ClientId), 1), Low(row.ResourceId), 2), row.PrincipalId is { } id ? Low(id) : 0, 3);

    private static ulong Low(Guid id) => System.Runtime.InteropServices.MemoryMarshal.Read<ulong>(id.ToByteArray().AsSpan(8));
}
