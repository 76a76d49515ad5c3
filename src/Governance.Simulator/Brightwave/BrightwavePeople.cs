using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>The staff: six hundred people in seven offices, whose departments were typed by hand over fifteen years.</summary>
internal static class BrightwavePeople
{
    public const int Count = 604;

    /// <summary>What the directory calls the marketing departments.</summary>
    public static readonly ImmutableArray<string> MarketingDepartments =
    [
        "Marketing", "marketing ", "MARKETING", "Marketing DACH", "Performance Marketing", "Brand & Content", "Social Media", "Marketing & Kommunikation",
        "Marketing et Communication", "市场部", "Mktg", "Content-Marketing",
    ];

    private static readonly ImmutableArray<string?> OtherDepartments =
    [
        "Sales", "Vertrieb", "Ventes", "销售部", "Finance", "Finanzen", "Finances", "IT", "Human Resources", "Personal", "Ressources humaines",
        "Legal", "Creative Studio", "Kreation", "Client Services", "Kundenberatung", "Production", "Media Planning", "Office Management", null,
    ];

    private static readonly ImmutableArray<(string City, string Country, string Language)> Offices =
    [
        ("Hamburg", "DE", "de-DE"), ("Zürich", "CH", "de-CH"), ("Paris", "FR", "fr-FR"), ("London", "GB", "en-GB"), ("New York", "US", "en-US"),
        ("Shanghai", "CN", "zh-CN"), ("Singapore", "SG", "en-SG"),
    ];

    private static readonly string[] GivenNames =
    [
        "Anna", "Björn", "Camille", "Dieter", "Élodie", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katarzyna", "Léa", "Mei", "Nils", "Oluwaseun",
        "Priya", "Quentin", "Rosa", "Søren", "Theresa", "Uwe", "Valérie", "Wei", "Xiulan", "Yara", "Zoë", "Łukasz", "Aoife", "Mateo", "Noor",
    ];

    private static readonly string[] Surnames =
    [
        "Albrecht", "Bauer", "Chen", "Dubois", "Evans", "Fischer", "García", "Huber", "Ivanova", "Jensen", "Kowalski", "Lefèvre", "Müller", "Nguyen",
        "O'Brien", "Petit", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ulrich", "Vogel", "Wang", "Xu", "Young", "Zimmermann", "Öztürk", "Großmann",
    ];

    public static ImmutableArray<SimulatedUser> All(ulong seed)
    {
        var people = ImmutableArray.CreateBuilder<SimulatedUser>(Count);
        for (var index = 0; index < Count; index++)
        {
            people.Add(Person(seed, index));
        }

        return people.MoveToImmutable();
    }

    private static SimulatedUser Person(ulong seed, int index)
    {
        var hash = Hash.Mix(seed, 50, (ulong)index);
        var (given, surname) = (Hash.Pick(Hash.Mix(hash), GivenNames), Hash.Pick(Hash.Mix(hash + 1), Surnames));
        var (city, country, language) = Offices[(int)(Math.Pow(Hash.Fraction(Hash.Mix(hash + 2)), 1.6) * Offices.Length)];
        var guest = index >= Count - 34;
        var name = $"{given}.{surname}{index}".ToLowerInvariant();
        var mail = guest ? $"{name}@partner{index % 5}.example" : $"{name}@brightwave-collective.example";
        return new SimulatedUser
        {
            Id = StableGuid.Create(seed, RowKind.User, index),
            DisplayName = $"{given} {surname}",
            GivenName = given,
            Surname = surname,
            Mail = mail,
            UserPrincipalName = guest ? mail.Replace('@', '_') + "#EXT#@brightwave-collective.example" : mail,
            Department = guest
                ? null
                : Hash.Below(Hash.Mix(hash + 3), 100) < 36 ? Hash.Pick(Hash.Mix(hash + 4), MarketingDepartments) : Hash.Pick(Hash.Mix(hash + 4), OtherDepartments),
            JobTitle = index == 0 ? "Chief Executive Officer" : index == 1 ? "Chief Marketing Officer" : index < 40 ? "Team Lead" : "Specialist",
            OfficeLocation = city,
            Country = country,
            PreferredLanguage = language,
            AccountEnabled = index < 12 || Hash.Mix(hash + 5) % 17 != 0,
            UserType = guest ? "Guest" : index % 150 == 149 ? null : "Member",
            ManagerId = index == 0 ? null : StableGuid.Create(seed, RowKind.User, index < 40 ? index / 10 : 2 + (index % 38)),
        };
    }
}
