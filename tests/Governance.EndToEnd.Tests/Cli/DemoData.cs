namespace Governance.EndToEnd.Tests.Cli;

/// <summary>The demo, run once; each test takes a copy of what it left.</summary>
public sealed class DemoData : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The data folder; not to be written to.</summary>
    public string Data => _folder["demo/data"];

    /// <summary>A file that the demo wrote; not to be written to.</summary>
    public string File(string name) => _folder[$"demo/{name}"];

    public async Task InitializeAsync()
    {
        var run = await Run.Of("demo", "--out", _folder["demo"]);
        Assert.True(run.Code == 0, run.Notes);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <returns>A folder of the test's own, and the data folder in it.</returns>
    internal (TemporaryFolder Folder, string Data) Copy()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data"]);
        foreach (var file in Directory.GetFiles(Data))
        {
            System.IO.File.Copy(file, Path.Combine(folder["data"], Path.GetFileName(file)));
        }

        return (folder, folder["data"]);
    }
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit calls it a collection.
public sealed class DemoCollection : ICollectionFixture<DemoData>
#pragma warning restore CA1711
{
    public const string Name = "demo";
}
