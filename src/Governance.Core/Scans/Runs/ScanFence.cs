namespace Governance.Core.Scans.Runs;

/// <summary>Says for which run and delivery a scan is kept; a store keeps it only while that delivery still has the run.</summary>
/// <param name="Number">The delivery's number, as in <see cref="ScanRun.Fence"/>.</param>
public sealed record ScanFence(string RunId, long Number);

/// <summary>Another worker has taken the run over; nothing was written.</summary>
public sealed class FencedOffException(string runId) : Exception($"run {runId} is another worker's now; nothing of this attempt was kept");

/// <summary>The run was cancelled before its scan was kept; nothing was written.</summary>
public sealed class RunCancelledException(string runId) : Exception($"run {runId} was cancelled");
