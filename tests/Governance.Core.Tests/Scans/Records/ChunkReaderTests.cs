using Governance.Core.Consents;
using Governance.Core.Scans.Records;
using Governance.State.Contract;

namespace Governance.Core.Tests.Scans.Records;

public sealed class ChunkReaderTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(ulong.MaxValue)]
    public void A_number_reads_back(ulong number)
    {
        var writer = new ChunkWriter(ChunkKind.Users, 0);

        writer.Number(number);

        var reader = new ChunkReader(writer.ToContent(), ChunkKind.Users, "chunk");
        Assert.Equal(number, reader.Number());
        reader.End();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(14 * 60, 638_000_000_000_000_001)]
    [InlineData((-9 * 60) - 30, 638_000_000_000_000_000)]
    public void A_time_reads_back_with_its_offset(int offsetMinutes, long ticks)
    {
        var time = new DateTimeOffset(Math.Max(ticks, 0), TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(offsetMinutes));
        var writer = new ChunkWriter(ChunkKind.Users, 0);

        writer.Time(time);

        var reader = new ChunkReader(writer.ToContent(), ChunkKind.Users, "chunk");
        Assert.True(time.EqualsExact(reader.NeededTime()));
    }

    [Fact]
    public void Content_made_of_random_bytes_never_reads_as_rows_beyond_what_is_there()
    {
        var random = new Random(5);
        var damaged = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var content = new byte[random.Next(60)];
            random.NextBytes(content);
            if (content.Length > 1)
            {
                (content[0], content[1]) = (ChunkWriter.Format, (byte)ChunkKind.ServicePrincipals);
            }

            var principals = new List<ServicePrincipal>();
            damaged += Record.Exception(() => Read(content, principals)) is RecordDamagedException ? 1 : 0;
            Assert.True(principals.Count <= content.Length);
        }

        Assert.InRange(damaged, 19_000, 20_000);
    }

    [Fact]
    public void Content_cut_or_changed_behind_a_right_checksum_is_damage_or_other_rows_but_never_another_failure()
    {
        var inventory = SampleInventories.Of(SampleScans.Tenant, 3, SampleScans.Start);
        var writer = new ChunkWriter(ChunkKind.ServicePrincipals, inventory.ServicePrincipals.Length);
        ServicePrincipalRows.Write(writer, inventory.ServicePrincipals, Enumerable.Range(0, inventory.ServicePrincipals.Length).ToArray());
        var sound = writer.ToContent();
        var damaged = 0;

        for (var at = 0; at < sound.Length; at++)
        {
            var changed = sound.ToArray();
            changed[at] ^= 0x81;
            foreach (var content in new[] { changed, sound[..at] })
            {
                var fault = Record.Exception(() => Read(content, []));
                Assert.True(fault is null or RecordDamagedException, $"{fault} at {at}");
                damaged += fault is null ? 0 : 1;
            }
        }

        Assert.True(damaged >= sound.Length, "every cut is damage");
    }

    private static void Read(byte[] content, List<ServicePrincipal> to)
    {
        var reader = new ChunkReader(content, ChunkKind.ServicePrincipals, "chunk");
        ServicePrincipalRows.Read(ref reader, to);
        reader.End();
    }
}
