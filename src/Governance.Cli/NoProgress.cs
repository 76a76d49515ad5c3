using Governance.Core.Scans;

namespace Governance.Cli;

/// <summary>For work whose progress is told in another way.</summary>
internal sealed class NoProgress : IProgress<ReadProgress>
{
    public static readonly NoProgress Instance = new();

    public void Report(ReadProgress value)
    {
    }
}
