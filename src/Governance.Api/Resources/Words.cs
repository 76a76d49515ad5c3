using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary>Reads closed choices by the names that documents write.</summary>
internal static class Words
{
    /// <returns>Null when the parameter was not given.</returns>
    public static T? Of<T>(ApiCall call, string name)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return call.Choice(name, [.. values.Select(ContractNames.Of)]) is { } word ? values.First(value => ContractNames.Of(value) == word) : null;
    }
}
