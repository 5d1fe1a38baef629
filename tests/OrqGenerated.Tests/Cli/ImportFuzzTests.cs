using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>Imports damaged files.</summary>
internal sealed class ImportFuzzTests : CliTest
{
    private static readonly (string Name, string Text)[] Files =
    [
        (
            "a.csv",
            "external_id,display_name,email,tags,metadata\n"
                + "u1,Jane,j@x.io,a;b,\"{\"\"k\"\":1}\"\nu2,\"J, D\",,,\nu1,,\"a\nb\",,\n"
        ),
        ("b.csv", "external_id;email\r\nu1;j@x.io\r\nu2;\r\n"),
        (
            "c.jsonl",
            "{\"external_id\":\"u1\",\"email\":null,\"tags\":[\"a\"]}\n"
                + "{\"external_id\":\"u2\",\"metadata\":{\"k\":[1,{}]}}\n\n"
        ),
        ("d.json", "[{\"external_id\":\"u1\"},{\"external_id\":\"u2\"}]"),
    ];

    [Test]
    public async Task Any_file_is_imported_rejected_row_by_row_or_refused()
    {
        await Fuzz.RunAsync(
            150,
            async random =>
            {
                var (name, text) = random.Pick(Files);
                var bytes = random.Mutate(random.Happens(0.3) ? random.MutateLines(text) : text);
                if (random.Happens(0.2))
                    (name, bytes) = ($"{name}.gz", Damaged(random, Gzip.Compress(bytes)));

                var path = Path.Combine(Folder, name);
                await File.WriteAllBytesAsync(path, bytes);
                var (code, output, error) = random.Happens(0.5)
                    ? await Run(["import", path, "--dry-run"])
                    : await RunOnSandbox("import", path, "--rejects", Rejects);

                Assert.That(code, Is.AnyOf(0, 1, 2, 5), error);
                Assert.That(error, Does.Not.Contain("   at ").And.Not.Contain("Exception"), "no stack trace");
                Assert.That(error.Where(c => char.IsControl(c) && c is not ('\r' or '\n')), Is.Empty, "printable");
                if (code != 2)
                {
                    Summary(output);
                    Assert.That(EndedBy(output), code == 5 ? Is.Not.Null : Is.Null);
                }
            }
        );
    }

    private static byte[] Damaged(Random random, byte[] bytes)
    {
        if (bytes.Length > 0 && random.Happens(0.5))
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);

        return random.Happens(0.3) ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
