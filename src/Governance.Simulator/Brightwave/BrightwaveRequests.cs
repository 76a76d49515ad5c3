using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>Tools that people asked the administrators for, and since when.</summary>
internal static class BrightwaveRequests
{
    private static readonly ImmutableArray<(string Name, string Host, string Scopes, string Reason, int Night, int? DecidedOn)> Asked =
    [
        ("Writer", "writer.com", "Files.Read.All", "One tone of voice for all client copy", -6, null),
        ("Hootsuite", "hootsuite.com", "User.Read", "Plan posts with the OwlyWriter feature", -2, 2),
        ("Luma Dream Machine", "lumalabs.ai", "Files.Read", "Video-Entwürfe für den Frühjahrspitch", 0, null),
        ("Tavus", "tavus.io", "User.Read Mail.Send", "Personalised video at scale", 1, 5),
        ("Mistral Le Chat", "mistral.ai", "User.Read Files.Read", "Un assistant hébergé en Europe", 3, null),
        ("Kimi", "moonshot.ai", "Files.Read.All", "长文档总结", 4, null),
        ("Typeface", "typeface.ai", "Files.ReadWrite.All", "Image variants for the retail client", 7, null),
        ("Superhuman", "superhuman.com", "Mail.ReadWrite Mail.Send", "Faster mail", 9, null),
    ];

    public static ImmutableArray<SimulatedConsentRequest> On(int night, ulong seed, DateTimeOffset start, ImmutableArray<SimulatedUser> people) =>
    [
        .. Asked.Where(asked => asked.Night <= night).Select(asked =>
        {
            var hash = Hash.Mix(seed, asked.Name);
            var askers = 1 + Hash.Below(hash, 3);
            return new SimulatedConsentRequest(
                StableGuid.Named(seed, RowKind.ConsentRequest, asked.Name),
                StableGuid.Named(seed, RowKind.AppId, asked.Name + "/" + asked.Host),
                asked.Name,
                [.. asked.Scopes.Split(' ')],
                [
                    .. Enumerable.Range(0, askers).Select(asker => new SimulatedUserRequest(
                        StableGuid.Named(seed, RowKind.ConsentRequest, asked.Name + asker),
                        people[Hash.Below(Hash.Mix(hash + (ulong)asker), 500)],
                        asked.Reason,
                        night >= asked.DecidedOn ? "Completed" : "InProgress",
                        start.AddDays((7 * asked.Night) - 3 + asker).AddHours(7))),
                ]);
        }),
    ];
}
