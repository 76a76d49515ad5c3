using System.Text.Json;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class ClassifyCommandTests
{
    [Fact]
    public async Task Each_line_gives_one_line_in_the_same_order_with_exactly_the_agreed_members()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("apps.jsonl", """
            {"id":"11111111-1111-4111-8111-111111111111","displayName":"ChatGPT","homepage":"https://chatgpt.com","extra":{"a":[1,2]}}
            {"id":"not-a-guid","displayName":"Clawson Payroll"}
            {"displayName":null,"replyUrls":null,"verifiedPublisher":{"displayName":null}}
            {"id":"4","displayName":"OpenAl Support","homepage":"https://openai-helpdesk.example"}
            """);

        var run = await Run.Of("classify", "--input", input);

        Assert.Equal(0, run.Code);
        var lines = run.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Equal(
            ["id", "displayName", "verdict", "confidence", "category", "vendor", "lookalike"], line.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("ai", lines[0].GetProperty("verdict").GetString());
        Assert.Equal("not-a-guid", lines[1].GetProperty("id").GetString());
        Assert.NotEqual("ai", lines[1].GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, lines[2].GetProperty("id").ValueKind);
        Assert.Equal("unknown", lines[2].GetProperty("verdict").GetString());
        Assert.Equal(["imitates", "technique"], lines[3].GetProperty("lookalike").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task An_empty_file_gives_no_line()
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of("classify", "--input", folder.Write("none.jsonl", string.Empty));

        Assert.Equal((0, string.Empty), (run.Code, run.Output));
    }
}
