using System.CommandLine;
using System.IO.Pipes;
using Governance.Cli;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("scan", "--no-such-option")]
    [InlineData("scan", "--full", "--incremental")]
    [InlineData("scan", "--format", "xml")]
    [InlineData("scan", "--fail-on", "sometimes")]
    [InlineData("scan", "--from", "/no/such/folder")]
    [InlineData("scan", "--token-env", "GOVERNANCE_TEST_UNSET_VARIABLE")]
    [InlineData("scan", "--graph-endpoint", "not an address")]
    [InlineData("scan", "--graph-endpoint", "http://graph.example.com", "--token-env", "PATH")]
    [InlineData("classify", "--input", "/no/such/file.jsonl")]
    [InlineData("classify")]
    [InlineData("findings", "--data", "/no/such/folder")]
    [InlineData("report", "--data", "/no/such/folder")]
    [InlineData("simulate", "--grants", "99")]
    [InlineData("simulate", "--fault", "no-such-fault@users")]
    [InlineData("policy", "validate", "/no/such/governance.yaml")]
    public async Task A_wrong_command_line_is_one_line_and_the_usage_code(params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of(arguments[0] == "scan" ? [.. arguments, "--data", folder["data"]] : arguments);

        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.Single(run.Notes.Trim().Split('\n'));
        Assert.StartsWith("governance: ", run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData("there is no command 'scna' (did you mean 'scan'?). See 'governance --help'.", "scna")]
    [InlineData("there is no command 'scna' (did you mean 'scan'?). See 'governance --help'.", "scna", "--data", "x")]
    [InlineData("there is no command 'validat' (did you mean 'validate'?). See 'governance policy --help'.", "policy", "validat")]
    [InlineData("there is no option '--reson' here (did you mean '--reason'?). See 'governance revoke plan --help'.", "revoke", "plan", "x", "--reson", "y")]
    [InlineData("--tenant takes an id such as 01234567-89ab-cdef-0123-456789abcdef, not 'contoso'. See 'governance kpis --help'.", "kpis", "--tenant", "contoso")]
    [InlineData("--until takes a day such as 2026-06-30, not 'June'. See 'governance mute --help'.", "mute", "f", "--reason", "r", "--until", "June")]
    [InlineData("--data takes a path, not ''. See 'governance kpis recompute --help'.", "kpis", "recompute", "--data", "")]
    [InlineData("--format: Argument 'xml' not recognized. Must be one of: 'table' 'json'. See 'governance apps --help'.", "apps", "--format", "xml")]
    public async Task A_slip_is_answered_with_what_was_meant_and_where_help_is(string message, params string[] arguments)
    {
        var run = await Run.Of(arguments);

        Assert.Equal(2, run.Code);
        Assert.Equal($"governance: {message}", run.Notes.Trim());
    }

    [Fact]
    public async Task Every_option_answers_a_missing_or_unreadable_value_with_its_name()
    {
        foreach (var (path, option) in Options(new CommandLine(new Terminal(TextWriter.Null, Stream.Null, TextWriter.Null, false, false), TimeProvider.System).Root(), []))
        {
            var wrong = (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) switch
            {
                var type when type == typeof(bool) => (string[][])[],
                var type when type.IsValueType => [[option.Name], [option.Name, "~!"], [option.Name, string.Empty], [option.Name, "1", option.Name, "2"]],
                var type when type.IsAssignableTo(typeof(FileSystemInfo)) => [[option.Name], [option.Name, string.Empty], [option.Name, "a", option.Name, "b"]],
                _ => [[option.Name]],
            };
            foreach (var given in wrong)
            {
                var run = await Run.Of([.. path, .. given]);

                Assert.True(run.Code == 2, $"{string.Join(' ', path)} {string.Join(' ', given)}: {run.Code} {run.Notes}");
                Assert.DoesNotContain("System.", run.Notes, StringComparison.Ordinal);
                Assert.Contains($"'governance {string.Join(' ', path)} --help'", run.Notes, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<(string[] Path, Option Option)> Options(Command command, string[] path) =>
        command.Options.Where(option => path.Length > 0 && option.Name is not "--help").Select(option => (path, option))
            .Concat(command.Subcommands.SelectMany(inner => Options(inner, [.. path, inner.Name])));

    [Theory]
    [InlineData("findings")]
    [InlineData("audit", "verify")]
    [InlineData("queue", "list")]
    [InlineData("scan", "--graph-endpoint", "http://127.0.0.1:1", "--token-env", "PATH")]
    public async Task A_file_in_place_of_the_data_folder_is_named_before_anything_is_read(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("data", "x");

        var run = await Run.Of([.. arguments, "--data", file]);

        Assert.Equal(2, run.Code);
        Assert.Equal($"governance: --data names a folder; {file} is a file", run.Notes.Trim());
    }

    [Fact]
    public async Task A_scan_that_could_not_be_kept_is_not_begun()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));

        var run = await Run.Of("scan", "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "PATH", "--data", "/proc/no/such");

        Assert.Equal(5, run.Code);
        Assert.Contains("/proc cannot be written to", run.Notes, StringComparison.Ordinal);
        Assert.Equal(0, tenant.Simulator.Requests.HttpCalls);
    }

    [Fact]
    public async Task A_permission_that_is_one_slip_away_from_a_known_one_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("governance.yaml", "version: 1\napproved:\n  - tool: ChatGPT\n    permissions: [Mail.Raed, Files.Read, My.Own.Scope]\n");

        var run = await Run.Of("policy", "validate", file);

        Assert.Equal(0, run.Code);
        Assert.Equal("governance.yaml: line 4, column 19: no permission 'Mail.Raed' is known (did you mean 'Mail.Read'?); it stays as it is written", run.Notes.Trim());
    }

    [Theory]
    [InlineData("policy", "init")]
    [InlineData("report", "--out")]
    public async Task A_file_in_a_folder_that_is_not_there_is_the_fault_of_the_command_line(params string[] arguments)
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));
        await tenant.Scan();
        string[] kept = arguments[0] == "policy" ? [] : ["--data", tenant.Data];

        var run = await Run.Of([.. arguments, Path.Combine(tenant.Folder.Path, "no", "such", "file"), .. kept]);

        Assert.Equal(2, run.Code);
        Assert.Contains("cannot write", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_stays_a_link()
    {
        using var folder = new TemporaryFolder();
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));
        await tenant.Scan();
        folder.Write("real.json", "before");
        File.CreateSymbolicLink(folder["link.json"], folder["real.json"]);

        var run = await Run.Of("export", "--out", folder["link.json"], "--data", tenant.Data);

        Assert.Equal(0, run.Code);
        Assert.NotNull(new FileInfo(folder["link.json"]).LinkTarget);
        Assert.StartsWith("{", await File.ReadAllTextAsync(folder["real.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_no_file_takes_its_place()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));
        await tenant.Scan();
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var reader = new StreamReader(pipe);
        var read = reader.ReadToEndAsync();

        var run = await Run.Of("export", "--out", $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}", "--data", tenant.Data);
        pipe.DisposeLocalCopyOfClientHandle();

        Assert.True(run.Code == 0, run.Notes);
        Assert.StartsWith("{", await read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_is_named_and_nothing_is_kept()
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));
        var gone = tenant.Simulator.Endpoint;
        await tenant.Simulator.DisposeAsync();

        var run = await tenant.Scan();

        Assert.Equal(5, run.Code);
        Assert.Contains($"{gone.Host}:{gone.Port}", run.Notes, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(tenant.Data, "governance.db")));
    }

    [Theory]
    [InlineData("approved: [DeepL]\naproved: []\n", "line 2")]
    [InlineData("version: 1\napproved: [NoSuchToolAnywhere]\n", "line 2")]
    [InlineData("version: 1\napproved:\n  - tool: DeepL\n    expiresOn: 2026-02-30\n", "line 4")]
    [InlineData("version: 1\napproved: [\n", "line")]
    [InlineData("version: 1\n", "approved")]
    public async Task A_wrong_policy_is_named_with_its_place_and_nothing_is_read(string policy, string place)
    {
        await using var tenant = await ScannedTenant.Serve(ScaledTenant.Create(TenantSize.ForGrants(100), seed: 5));

        var run = await tenant.Scan("--policy", tenant.Folder.Write("governance.yaml", policy));

        Assert.Equal(2, run.Code);
        Assert.Contains(place, run.Notes, StringComparison.Ordinal);
        Assert.Contains("governance.yaml", run.Notes, StringComparison.Ordinal);
        Assert.Equal(0, tenant.Simulator.Requests.HttpCalls);
        Assert.False(File.Exists(Path.Combine(tenant.Data, "governance.db")));
    }

    [Theory]
    [InlineData("{\"id\":\"1\",\"displayName\":\"ChatGPT\"}\n{\"id\":\"2\",\"displayName\"\n", "line 2")]
    [InlineData("{\"id\":\"1\"}\n\n[1,2]\n", "line 3")]
    public async Task A_broken_line_is_named_by_its_number(string lines, string place)
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of("classify", "--input", folder.Write("apps.jsonl", lines));

        Assert.Equal(2, run.Code);
        Assert.Contains($"apps.jsonl, {place}", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_export_is_named_by_file_and_place_and_nothing_is_kept()
    {
        using var folder = new TemporaryFolder();
        folder.Write("servicePrincipals-1.json", "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#servicePrincipals\",\n\"value\":[{\"id\":\"7b0c2c0e-0000-4000-8000-000000000001\",}]}");

        var run = await Run.Of("scan", "--from", folder.Path, "--data", folder["data"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("servicePrincipals-1.json", run.Notes, StringComparison.Ordinal);
        Assert.Contains("line 2", run.Notes, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder["data"], "governance.db")));
    }
}
