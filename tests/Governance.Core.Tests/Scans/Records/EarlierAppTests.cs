using System.Text;
using System.Text.Json.Nodes;
using Governance.Core.Scans.Records;
using Governance.State.Contract;

namespace Governance.Core.Tests.Scans.Records;

/// <summary>Data folders outlive versions: what an earlier one kept reads as it was.</summary>
public sealed class EarlierAppTests
{
    [Fact]
    public void An_app_of_the_earlier_form_reads_as_it_was()
    {
        foreach (var app in SampleScans.First(SampleScans.Tenant, apps: 20).Apps)
        {
            var kept = KeptRecord.Of(app, SampleScans.Start);

            var read = (kept with { Body = Earlier(kept.Body) }).ToApp(SampleScans.Start, "app");

            Assert.Equal(Plain.Of([app]), Plain.Of([read]));
        }
    }

    [Fact]
    public void An_app_of_the_earlier_form_with_a_rating_too_few_is_damaged()
    {
        var kept = KeptRecord.Of(SampleScans.First(SampleScans.Tenant, apps: 20).Apps.First(app => app.Permissions.Length > 0), SampleScans.Start);
        var body = JsonNode.Parse(Earlier(kept.Body))!;
        body["ratings"]!.AsArray().RemoveAt(0);

        Assert.Throws<RecordDamagedException>(() => (kept with { Body = Encoding.UTF8.GetBytes(body.ToJsonString()) }).ToApp(SampleScans.Start, "app"));
    }

    /// <summary>The record as it was written before permissions were grouped and ratings shared.</summary>
    private static byte[] Earlier(byte[] now)
    {
        var body = JsonNode.Parse(now)!.AsObject();
        body["app"]!["app"]!["permissions"] = Permissions(body["permissions"]!);
        var held = body["held"] is { } other ? Permissions(other) : null;
        var ratings = new JsonArray([.. body["ratingOf"]!.AsArray().Select(place => Rating(body["ratings"]![place!.GetValue<int>()]!))]);
        return Encoding.UTF8.GetBytes(new JsonObject { ["app"] = body["app"]!.DeepClone(), ["held"] = held, ["ratings"] = ratings }.ToJsonString());
    }

    private static JsonArray Permissions(JsonNode kept) =>
    [
        .. from same in kept.AsArray()
           from value in same!["values"]!.AsArray().Select((value, place) => (Value: value!.GetValue<string>(), Place: place))
           select new JsonObject
           {
               ["kind"] = same["kind"]!.DeepClone(),
               ["resourceId"] = same["resourceId"]!.DeepClone(),
               ["resourceAppId"] = same["resourceAppId"]?.DeepClone(),
               ["resource"] = same["resource"]!.DeepClone(),
               ["value"] = value.Value,
               ["tenantWide"] = same["wide"]!.AsArray().Any(place => place!.GetValue<int>() == value.Place),
           },
    ];

    private static JsonObject Rating(JsonNode rating) => new()
    {
        ["rated"] = !(rating["unrated"]?.GetValue<bool>() ?? false),
        ["severity"] = rating["severity"]!.DeepClone(),
        ["categories"] = rating["categories"]!.DeepClone(),
        ["writes"] = rating["writes"]?.GetValue<bool>() ?? false,
        ["tenantWide"] = rating["tenantWide"]?.GetValue<bool>() ?? false,
        ["resource"] = rating["resource"]?.DeepClone(),
        ["reason"] = rating["reason"]?.DeepClone(),
    };
}
