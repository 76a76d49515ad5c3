using System.Diagnostics;
using System.Net.Http.Headers;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The program as a process of its own, which can be stopped and killed.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    public const string GraphToken = "canary-graph-token-77";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly System.Text.StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri?> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<string> _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestCertificates? _trusted;

    private ServeProcess(Process process, TestCertificates? trusted) => (_process, _trusted) = (process, trusted);

    public Uri Address { get; private set; } = null!;

    /// <summary>The token it has shown so far; null when it showed none.</summary>
    public string? Token { get; private set; }

    /// <summary>The token it shows. It serves before that is read, as the two come on different ways.</summary>
    public Task<string> ShownTokenAsync() => _shown.Task.WaitAsync(Patience);

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static Task<ServeProcess> StartAsync(
        TemporaryFolder folder, ScannableTenant tenant, bool waitUntilServing = true, IReadOnlyDictionary<string, string>? environment = null,
        string listen = "http://127.0.0.1:0", TestCertificates? trusted = null, params string[] more) =>
        StartAsync(
            folder, ["--tenant", tenant.Id.ToString(), "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_SERVE_TEST_TOKEN", "--listen", listen, .. more],
            waitUntilServing, environment, trusted);

    public static async Task<ServeProcess> StartAsync(
        TemporaryFolder folder, string[] arguments, bool waitUntilServing = true, IReadOnlyDictionary<string, string>? environment = null, TestCertificates? trusted = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", typeof(Governance.Cli.CommandLine).Assembly.Location, "serve", "--data", folder["data"] }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GOVERNANCE_SERVE_TEST_TOKEN"] = GraphToken;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var started = new ServeProcess(Process.Start(start)!, trusted);
        started.Listen();
        if (waitUntilServing)
        {
            started.Address = await started._serving.Task.WaitAsync(Patience) ?? throw new InvalidOperationException($"it did not start: {started.Errors}");
        }

        return started;
    }

    public HttpClient Client(string token)
    {
        var client = Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A caller who has no token; trusts the authority of the test where there is one.</summary>
    public HttpClient Stranger() => new(_trusted?.Handler() ?? new SocketsHttpHandler()) { BaseAddress = Address };

    /// <summary>Stops it as a service manager does.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    /// <summary>Ends it in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split("shown this once: ") is [_, var token])
            {
                Token = token;
                _shown.TrySetResult(token);
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }

            if (line.Data is null)
            {
                _serving.TrySetResult(null);
            }
            else if (line.Data.Split("governance: serving ") is [_, var rest])
            {
                _serving.TrySetResult(new Uri(rest.Split(' ')[0][..^"api".Length]));
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
