using System.Collections.Immutable;
using System.Text;

namespace Governance.Core.Consents;

/// <summary>A department that the organisation watches, with the spellings the directory uses for it.</summary>
/// <param name="Aliases">Other spellings, in any language.</param>
public sealed record DepartmentOfInterest(string Name, ImmutableArray<string> Aliases);

/// <summary>Turns department texts of the directory into the names that reports use.</summary>
/// <remarks>Compared whole, without regard to case, width or blanks around; a text no one named stays as it is.</remarks>
public sealed class Departments
{
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public Departments(IEnumerable<DepartmentOfInterest> ofInterest)
    {
        OfInterest = [.. ofInterest];
        foreach (var department in OfInterest)
        {
            foreach (var spelling in department.Aliases.Prepend(department.Name))
            {
                _names.TryAdd(Plain(spelling), department.Name);
            }
        }
    }

    public ImmutableArray<DepartmentOfInterest> OfInterest { get; }

    /// <returns>The watched department's name, else the text itself trimmed; null for none or blank.</returns>
    public string? NameOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return _names.TryGetValue(Plain(text), out var name) ? name : text.Trim();
    }

    private static string Plain(string text) => text.Normalize(NormalizationForm.FormKC).Trim();
}
