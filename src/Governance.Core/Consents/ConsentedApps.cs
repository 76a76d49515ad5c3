using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Turns an inventory into apps with what each holds and whom it reaches.</summary>
public static class ConsentedApps
{
    /// <summary>Apps that a worker takes at once.</summary>
    private const int Batch = 64;

    /// <summary>
    /// Every service principal read, and one for each holder of a consent whose own record was not read: an
    /// <see cref="ServicePrincipal.Orphan"/> when the list was read whole, else one of which nothing but the id is known.
    /// </summary>
    /// <returns>Sorted by service principal id; the same for the same inventory, however many threads worked on it.</returns>
    public static ImmutableArray<ConsentedApp> Of(Inventory inventory, Departments departments)
    {
        var consents = new HeldConsents(inventory, departments);
        var principals = consents.Principals;
        var apps = new ConsentedApp[principals.Length];
        var next = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            // Work space is large, so there is one for each worker and not one for each batch.
            var reader = consents.Reader();
            for (var start = 0; (start = Interlocked.Add(ref next, Batch) - Batch) < principals.Length;)
            {
                for (var at = start; at < Math.Min(start + Batch, principals.Length); at++)
                {
                    apps[at] = reader.Of(principals[at]);
                }
            }
        });
        return ImmutableArray.Create(apps);
    }
}
