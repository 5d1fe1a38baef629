using System.Globalization;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Where a value is not what the document allows, and what is expected there; never the value.</summary>
/// <param name="Path">The place, as in <c>data[3].name</c>; empty for the whole value.</param>
/// <param name="Expected">What should have been read (a string), or the rule for what is written (must ...).</param>
internal sealed record Mismatch(string Path, string Expected)
{
    public static readonly Mismatch Null = new("must not be null");

    public static readonly Mismatch NotFinite = new("must be a finite number");

    public static readonly Mismatch TooDeep = new(
        $"nests deeper than {JsonCodec.WriteDepthLimit} levels, or contains itself"
    );

    public Mismatch(string expected)
        : this("", expected) { }

    /// <summary>A required property did not come.</summary>
    public static Mismatch Missing(ReadOnlySpan<byte> name) =>
        new Mismatch("a value, since it is required").Under(name);

    /// <summary>The mismatch as seen from the object around it.</summary>
    public Mismatch Under(string name) =>
        this with
        {
            Path =
                Path.Length == 0 ? name
                : name.Length == 0 || Path[0] == '[' ? name + Path
                : $"{name}.{Path}",
        };

    /// <inheritdoc cref="Under(string)"/>
    public Mismatch Under(ReadOnlySpan<byte> name) => Under(Encoding.UTF8.GetString(name));

    /// <summary>The mismatch as seen from the list around it.</summary>
    public Mismatch Under(int index) => Under($"[{index.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>The mismatch of a value that was read, in a sentence.</summary>
    public string Describe(Type type) => $"{(Path.Length == 0 ? type.Name : Path)}: expected {Expected}.";

    public ArgumentException ToArgumentException(string parameter) =>
        new($"{(Path.Length == 0 ? parameter : Path)} {Expected}.", parameter);
}
