using System.Text.Json;

namespace Governance.EndToEnd.Tests.Infra;

/// <summary>The grammar of Bicep, run by Node.</summary>
internal static class BicepParser
{
    private static readonly NodeTools Tools = new("Infra", "tree-sitter-bicep/tree-sitter-bicep.wasm", "web-tree-sitter/package.json");

    /// <returns>Places that the grammar does not understand, as file:line:column.</returns>
    public static async Task<string[]> ProblemsAsync(params string[] files) => JsonSerializer.Deserialize<string[]>(await Tools.RunAsync("parse.mjs", files))!;
}
