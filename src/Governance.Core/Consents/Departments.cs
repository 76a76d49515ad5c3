using System.Collections.Immutable;
using Governance.Core.Text;

namespace Governance.Core.Consents;

/// <summary>A department that the organisation watches, with the spellings the directory uses for it.</summary>
/// <param name="Aliases">Other spellings, in any language.</param>
public sealed record DepartmentOfInterest(string Name, ImmutableArray<string> Aliases);

/// <summary>Turns department texts of the directory into the names that reports use.</summary>
/// <remarks>Compared whole, in their <see cref="NameForm"/>; a text no one named stays as it is.</remarks>
public sealed class Departments
{
    private readonly Dictionary<string, string> _names = new(NameForm.Comparer);

    public Departments(IEnumerable<DepartmentOfInterest> ofInterest)
    {
        OfInterest = [.. ofInterest];
        foreach (var department in OfInterest)
        {
            foreach (var spelling in department.Aliases.Prepend(department.Name))
            {
                _names.TryAdd(spelling, department.Name);
            }
        }
    }

    public ImmutableArray<DepartmentOfInterest> OfInterest { get; }

    /// <returns>The watched department's name, else the text itself, trimmed and composed; null for none or blank.</returns>
    public string? NameOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return _names.TryGetValue(text, out var name) ? name : CanonicalForm.Composed(text.Trim());
    }
}
