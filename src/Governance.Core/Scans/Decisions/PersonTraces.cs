namespace Governance.Core.Scans.Decisions;

/// <summary>What the program keeps of a person beside the ledger, counted by kind of record.</summary>
/// <param name="Inventories">Inventories that have the user.</param>
/// <param name="Runs">Scans that the person asked for.</param>
/// <param name="Answers">Answers kept for repeats of the person's requests.</param>
/// <param name="Confirmations">What the person said that an app is.</param>
/// <param name="Mentions">Answers and reasons of others that name the person.</param>
public sealed record PersonTraces(int Inventories, int Runs, int Answers, int Confirmations, int Mentions)
{
    public static readonly PersonTraces None = new(0, 0, 0, 0, 0);

    /// <summary>Records of the program's own work.</summary>
    public int Records => Runs + Answers + Confirmations + Mentions;

    /// <summary>Records that are the person's own: a mention by others does not make anyone known.</summary>
    public int Own => Inventories + Runs + Answers + Confirmations;
}
