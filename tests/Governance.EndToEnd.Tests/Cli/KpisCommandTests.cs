using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Cli;

[Collection(DemoCollection.Name)]
public sealed class KpisCommandTests(DemoData demo)
{
    [Fact]
    public async Task Figures_over_periods_and_by_department_are_consistent_with_the_last_scan()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;

        var last = (await Run.Of("kpis", "--data", data, "--format", "json")).Json.GetProperty("kpis").EnumerateArray().ToDictionary(kpi => kpi.GetProperty("id").GetString()!);
        var months = (await Run.Of("kpis", "--period", "month", "--history", "2", "--data", data, "--format", "json")).Json.GetProperty("periods").EnumerateArray().ToArray();
        var weeks = (await Run.Of("kpis", "--period", "week", "--history", "400", "--data", data, "--format", "json")).Json.GetProperty("periods").EnumerateArray().ToArray();
        var departments = (await Run.Of("kpis", "--by", "department", "--data", data, "--format", "json")).Json.GetProperty("departments").EnumerateArray().ToArray();

        Assert.Equal(2, months.Length);
        Assert.Equal(12, weeks.Length);
        Assert.Equal(Value(months[1], "unapproved-ai-tools", "previous"), Value(months[0], "unapproved-ai-tools", "value"));
        foreach (var (id, kpi) in last)
        {
            Assert.Equal(kpi.GetProperty("value").GetRawText(), Value(weeks[^1], id, "value"));
        }

        Assert.Equal("Marketing", departments[0].GetProperty("department").GetString());
        Assert.Equal(last["exposed-users-marketing"].GetProperty("value").GetRawText(), Value(departments[0], "exposed-users", "value"));
        Assert.All(departments, department => Assert.False(department.GetProperty("people").ValueKind == JsonValueKind.Number && department.GetProperty("people").GetInt32() is > 0 and < 5));
    }

    [Fact]
    public async Task Every_stored_figure_is_computed_anew_to_the_same_number_and_a_changed_one_is_found()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;

        var same = await Run.Of("kpis", "recompute", "--data", data);
        Tamper(Path.Combine(data, "governance.db"));
        var changed = await Run.Of("kpis", "recompute", "--data", data);

        Assert.True(same.Code == 0, same.Output + same.Notes);
        Assert.Contains("12 scans computed anew from the first inventory on: every figure is the same", same.Output, StringComparison.Ordinal);
        Assert.Equal(5, changed.Code);
        Assert.Contains("tenant-wide-grants: stored", changed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--period", "year")]
    [InlineData("--period", "month", "--history", "0")]
    [InlineData("--period", "month", "--by", "department")]
    public async Task A_wrong_option_is_a_mistake_of_the_caller(params string[] options)
    {
        var run = await Run.Of([.. options.Prepend("kpis")]);

        Assert.Equal(2, run.Code);
    }

    /// <summary>Writes another number of tenant-wide consents into the last scan's figures, as a forger would.</summary>
    private static void Tamper(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT body FROM kpis ORDER BY generation DESC LIMIT 1";
        var body = System.Text.Encoding.UTF8.GetString((byte[])read.ExecuteScalar()!);
        var at = body.IndexOf("tenant-wide-grants", StringComparison.Ordinal);
        Assert.True(at >= 0, body[..Math.Min(200, body.Length)]);
        var value = body.IndexOf("\"value\":", at, StringComparison.OrdinalIgnoreCase) + "\"value\":".Length;
        var end = body.IndexOfAny([',', '}'], value);
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE kpis SET body = $1 WHERE generation = (SELECT max(generation) FROM kpis)";
        write.Parameters.AddWithValue("$1", System.Text.Encoding.UTF8.GetBytes(body[..value] + "1" + body[end..]));
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    private static string Value(JsonElement holder, string id, string property) =>
        holder.GetProperty("kpis").EnumerateArray().Single(kpi => kpi.GetProperty("id").GetString() == id).GetProperty(property).GetRawText();
}
