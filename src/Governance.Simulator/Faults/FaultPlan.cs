namespace Governance.Simulator.Faults;

/// <summary>The faults a simulator puts in. May be altered while it serves; safe from several threads.</summary>
public sealed class FaultPlan
{
    private readonly Lock altering = new();
    private readonly List<(Fault Fault, int Fired)> faults = [];

    /// <summary>Every fault added, and how often it has happened.</summary>
    public IReadOnlyList<(Fault Fault, int Fired)> Faults
    {
        get
        {
            lock (altering)
            {
                return [.. faults];
            }
        }
    }

    /// <summary>Faults that happened, all together.</summary>
    public int Fired => Faults.Sum(item => item.Fired);

    public void Add(Fault fault)
    {
        lock (altering)
        {
            faults.Add((fault, 0));
        }
    }

    /// <summary>Adds a fault in its text form.</summary>
    /// <exception cref="FormatException">Says what is wrong with the text.</exception>
    public void Add(string fault) => Add(Fault.Parse(fault));

    public void Clear()
    {
        lock (altering)
        {
            faults.Clear();
        }
    }

    /// <summary>Takes the first fault that applies, and counts it.</summary>
    internal Fault? Take(int request, string path, int page, Func<FaultKind, bool> applies)
    {
        lock (altering)
        {
            for (var index = 0; index < faults.Count; index++)
            {
                var (fault, fired) = faults[index];
                if (!(fired >= fault.Times) && applies(fault.Kind) && fault.Matches(request, path, page))
                {
                    faults[index] = (fault, fired + 1);
                    return fault;
                }
            }

            return null;
        }
    }
}
