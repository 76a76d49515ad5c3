using Governance.Core;
using Spectre.Console;

namespace Governance.Cli;

/// <summary>Where the program writes: results to standard output, everything else to standard error.</summary>
/// <param name="result">Standard output as text.</param>
/// <param name="resultBytes">Standard output as bytes, for documents.</param>
/// <param name="notes">Standard error.</param>
/// <param name="interactive">True when a person watches standard error: then progress is drawn in place.</param>
internal sealed class Terminal(TextWriter result, Stream resultBytes, TextWriter notes, bool interactive, bool colours)
{
    /// <summary>Width of tables when standard output is no terminal; wide enough that nothing is cut.</summary>
    private const int FileWidth = 160;

    private IAnsiConsole? _console;

    public TextWriter Result { get; } = result;

    public TextWriter Notes { get; } = notes;

    /// <summary>Writes a document to standard output and ends its last line.</summary>
    public void Document(Action<Stream> write) => Lines(stream =>
    {
        write(stream);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Writes lines to standard output as they come.</summary>
    public void Lines(Action<Stream> write)
    {
        Result.Flush();
        using var buffered = new BufferedStream(resultBytes, 64 * 1024);
        write(buffered);
    }

    /// <summary>Writes a document to standard output as it is.</summary>
    public async Task DocumentAsync(Func<Stream, Task> write)
    {
        await Result.FlushAsync().ConfigureAwait(false);
        var buffered = new BufferedStream(resultBytes, 64 * 1024);
        await using var _ = buffered.ConfigureAwait(false);
        await write(buffered).ConfigureAwait(false);
    }

    public bool Interactive { get; } = interactive;

    /// <summary>Draws tables on standard output.</summary>
    public IAnsiConsole Console => _console ??= Create();

    public static Terminal System() => new(
        global::System.Console.Out,
        global::System.Console.OpenStandardOutput(),
        global::System.Console.Error,
        !global::System.Console.IsErrorRedirected,
        !global::System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null);

    /// <summary>Tenant text made harmless for a terminal and for Spectre's markup.</summary>
    public static string Safe(string? text, int limit = 60) => Markup.Escape(TenantText.Plain(text, limit));

    public void Note(string line) => Notes.WriteLine(line);

    private IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Result),
        });
        if (global::System.Console.IsOutputRedirected)
        {
            console.Profile.Width = FileWidth;
        }

        return console;
    }
}
