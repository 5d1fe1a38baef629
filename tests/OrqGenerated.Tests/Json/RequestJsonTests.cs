using System.Buffers;
using System.Numerics;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Tests.Json;

/// <summary>The writer of requests, against Newtonsoft's text writer: whatever is written, both give the same JSON.</summary>
internal sealed class RequestJsonTests
{
    private static readonly Action<JsonWriter>[] Values =
    [
        w => w.WriteNull(),
        w => w.WriteValue(true),
        w => w.WriteValue(false),
        w => w.WriteValue(sbyte.MinValue),
        w => w.WriteValue(byte.MaxValue),
        w => w.WriteValue(short.MinValue),
        w => w.WriteValue(ushort.MaxValue),
        w => w.WriteValue(int.MinValue),
        w => w.WriteValue(uint.MaxValue),
        w => w.WriteValue(long.MinValue),
        w => w.WriteValue(ulong.MaxValue),
        w => w.WriteValue(1.5f),
        w => w.WriteValue(3f),
        w => w.WriteValue(0.1),
        w => w.WriteValue(-0.0),
        w => w.WriteValue(1e300),
        w => w.WriteValue(1m),
        w => w.WriteValue(0.10m),
        w => w.WriteValue((object)BigInteger.Pow(2, 70)),
        w => w.WriteValue((object)5),
        w => w.WriteValue((int?)null),
        w => w.WriteValue((int?)7),
        w => w.WriteValue('"'),
        w => w.WriteValue(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc)),
        w => w.WriteValue(new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2))),
        w => w.WriteValue(new Guid("01234567-89ab-cdef-0123-456789abcdef")),
        w => w.WriteValue(TimeSpan.FromMinutes(90.5)),
        w => w.WriteValue(new Uri("https://example.com/a?b=\u00e9")),
        w => w.WriteValue((Uri?)null),
        w => w.WriteValue(new byte[] { 1, 2, 255 }),
        w => w.WriteValue((byte[]?)null),
        w => w.WriteValue((string?)null),
        w => w.WriteRawValue("[1, 2]"),
    ];

    [Test]
    public void Every_kind_of_value_is_written_as_Newtonsoft_writes_it()
    {
        MustBeTheSame(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("values \"\n\u00e9", escape: true);
            writer.WriteStartArray();
            foreach (var write in Values)
            {
                write(writer);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("empty", escape: false);
            writer.WriteStartObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    [FsCheck.NUnit.Property]
    public void Every_text_is_written_as_Newtonsoft_writes_it(string? text) =>
        MustBeTheSame(writer => writer.WriteValue(text));

    [TestCase("", 0)]
    [TestCase("a", 5000)]
    [TestCase("\"", 5000)]
    [TestCase("\u00e9", 5000)]
    [TestCase("\u20ac", 5000)]
    [TestCase("\ud83d\ude00", 5000)]
    [TestCase("\u0000\u001f\u007f\u0085\u2028\u2029\\/\b\f\n\r\t", 500, TestName = "{m}(controls)")]
    [TestCase("a\u2028\"", 2000)]
    public void A_text_of_any_length_is_written_as_Newtonsoft_writes_it(string part, int times) =>
        MustBeTheSame(writer => writer.WriteValue(string.Concat(Enumerable.Repeat(part, times))));

    // An attribute cannot hold half a surrogate pair, so these are no test cases.
    [Test]
    public void A_surrogate_without_its_partner_is_escaped()
    {
        (string Text, string Json)[] cases =
        [
            ("\ud83d", "\"\\ud83d\""),
            ("a\ude00b", "\"a\\ude00b\""),
            ("\ud83d\ud83d\ude00", "\"\\ud83d\ud83d\ude00\""),
        ];
        foreach (var (text, json) in cases)
        {
            Assert.That(Script.JsonOf(writer => writer.WriteValue(text)), Is.EqualTo(json));
        }
    }

    [Test]
    public void A_number_where_the_buffer_ends_is_whole()
    {
        for (var length = 980; length < 1050; length++)
        {
            MustBeTheSame(writer =>
            {
                writer.WriteStartArray();
                writer.WriteValue(new string('a', length));
                writer.WriteValue(long.MinValue);
                writer.WriteEndArray();
            });
        }
    }

    [TestCase(1022, 1024)]
    [TestCase(1023, 2048)]
    [TestCase(100_000, 131_072)]
    public void A_buffer_is_no_larger_than_its_text_needs(int characters, int size)
    {
        var (buffer, length) = RequestJson.Write(new string('a', characters), JsonCodec.String);

        Assert.That(length, Is.EqualTo(characters + 2));
        Assert.That(buffer, Has.Length.EqualTo(size));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    [Test]
    public void A_buffer_that_became_too_small_goes_back_to_the_pool()
    {
        var allocated = AllocatedBy(() =>
            RequestJson
                .Write(
                    writer =>
                    {
                        writer.WriteStartArray();
                        for (var i = 0; i < 200_000; i++)
                        {
                            writer.WriteValue(i);
                        }

                        writer.WriteEndArray();
                    },
                    new Script()
                )
                .Buffer
        );

        Assert.That(allocated, Is.LessThan(100_000), "bytes allocated to write 1 MB");
    }

    [Test]
    public void The_buffer_of_raw_text_goes_back_to_the_pool()
    {
        var raw = new JRaw(new string(' ', 1_000_000) + "1");

        var allocated = AllocatedBy(() => RequestJson.Write(raw, JsonCodec.Any).Buffer);

        Assert.That(allocated, Is.LessThan(100_000), "bytes allocated to write 1 MB");
    }

    private static void MustBeTheSame(Action<JsonWriter> write)
    {
        using var text = new StringWriter();
        using (var theirs = new JsonTextWriter(text))
        {
            write(theirs);
        }

        // A lone surrogate is the one difference; see its own test.
        if (!text.ToString().EnumerateRunes().Contains(Rune.ReplacementChar))
        {
            Assert.That(Script.JsonOf(write), Is.EqualTo(text.ToString()));
        }
    }

    /// <summary>The fewest bytes that one of several calls allocates; any other may find the pool empty.</summary>
    private static long AllocatedBy(Func<byte[]> write)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ArrayPool<byte>.Shared.Return(write());
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
