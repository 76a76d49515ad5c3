using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Cli.Commands;

/// <summary><c>governance classify</c>: AI and look-alike verdicts for service principals, one a line; no network, no store.</summary>
internal static class ClassifyCommand
{
    private static readonly JsonWriterOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var input = new Option<FileInfo>("--input") { Description = "Service principals in Graph's JSON, one a line", HelpName = "FILE", Required = true };
        var catalogue = Settings.Catalogue();
        var tenant = new Option<Guid?>("--tenant") { Description = "Tenant the apps were read from: its own apps are marked internal", HelpName = "ID" };
        var command = new Command("classify", "Says of each app whether it is AI, and whether it imitates another") { input, catalogue, tenant };
        command.SetAction(parsed =>
        {
            var file = Settings.Existing(parsed.GetRequiredValue(input));
            var classifier = new AppClassifier(Settings.ReadCatalogue(parsed.GetValue(catalogue)), parsed.GetValue(tenant));
            terminal.Lines(stream => Classify(file, classifier, stream));
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="CliException">A line is no JSON object; the lines before it are written.</exception>
    private static void Classify(FileInfo file, AppClassifier classifier, Stream output)
    {
        using var reader = new StreamReader(file.FullName, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true);
        using var json = new Utf8JsonWriter(output, Line);
        var number = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            using var document = Parse(file, number, text);
            Write(json, document.RootElement, classifier.Classify(ServicePrincipalJson.Read(document.RootElement)));
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    private static JsonDocument Parse(FileInfo file, int number, string text)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException problem)
        {
            throw CliException.Usage($"{file.Name}, line {number}, byte {problem.BytePositionInLine + 1}: no JSON: {problem.Message.Split(" LineNumber", 2)[0]}");
        }

        throw CliException.Usage($"{file.Name}, line {number}: a JSON object is needed");
    }

    private static void Write(Utf8JsonWriter json, JsonElement app, Classification verdict)
    {
        json.WriteStartObject();
        Copy(json, app, "id");
        Copy(json, app, "displayName");
        json.WriteString("verdict", ContractNames.Of(verdict.Ai.Verdict));
        json.WriteNumber("confidence", Math.Round(verdict.Ai.Confidence, 3));
        json.WriteString("category", verdict.Ai.Category);
        json.WriteString("vendor", verdict.Ai.Vendor);
        if (verdict.Lookalike is { } lookalike)
        {
            json.WriteStartObject("lookalike");
            json.WriteString("imitates", lookalike.Imitates);
            json.WriteString("technique", lookalike.Technique);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lookalike");
        }

        json.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement app, string member)
    {
        json.WritePropertyName(member);
        if (app.TryGetProperty(member, out var value))
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
