using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Turns people into pseudonyms and, where that is allowed, back.</summary>
public interface IPersons
{
    /// <summary>The pseudonym of a person who acts; the name as given is kept beside it, so that it can be shown.</summary>
    Task<Person> ActingAsync(Guid tenantId, string name, CancellationToken cancellationToken);

    /// <summary>Pseudonyms under every key; nothing is kept.</summary>
    Task<Person> OfAsync(Guid tenantId, string identity, CancellationToken cancellationToken);

    /// <summary>Names kept, by pseudonym.</summary>
    Task<ImmutableDictionary<string, string>> NamesAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>Looks for who has a pseudonym, under any key.</summary>
    /// <returns>The first of the identities that has it; null when none has.</returns>
    Task<string?> FindAsync(Guid tenantId, string pseudonym, IEnumerable<string> identities, CancellationToken cancellationToken);

    /// <summary>Drops the names kept of a person.</summary>
    Task ForgetAsync(Guid tenantId, Person person, CancellationToken cancellationToken);

    /// <summary>Makes a new key for pseudonyms to come; earlier keys stay, so that earlier entries can still be joined to a person.</summary>
    /// <returns>Number of the new key.</returns>
    Task<int> RotateAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>Destroys every key but the newest for good.</summary>
    /// <returns>How many there were.</returns>
    Task<int> DestroyEarlierKeysAsync(Guid tenantId, CancellationToken cancellationToken);
}
