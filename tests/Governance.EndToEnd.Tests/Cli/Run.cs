using System.Text;
using System.Text.Json;
using Governance.Cli;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>What one run of the program left.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Notes">Standard error.</param>
internal sealed record Run(int Code, string Output, string Notes)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs the program as a script would: nobody watches, nothing is coloured.</summary>
    public static Task<Run> Of(params string[] arguments) => Of(arguments, CancellationToken.None);

    /// <summary>Runs the program until it ends or is told to stop, as by Ctrl+C.</summary>
    public static async Task<Run> Of(string[] arguments, CancellationToken cancellationToken)
    {
        using var text = new StringWriter();
        using var bytes = new KeptStream();
        using var notes = new StringWriter();
        var terminal = new Terminal(text, bytes, notes, interactive: false, colours: false);

        var code = await new CommandLine(terminal, TimeProvider.System).RunAsync(arguments, cancellationToken);

        return new Run(code, Encoding.UTF8.GetString(bytes.ToArray()) + text, notes.ToString());
    }

    /// <summary>Standard output outlives whoever closes it.</summary>
    private sealed class KeptStream : MemoryStream
    {
        public override void Close()
        {
        }
    }
}
