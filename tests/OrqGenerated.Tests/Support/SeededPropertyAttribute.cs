namespace OrqGenerated.Tests.Support;

/// <summary>
/// A property of FsCheck whose inputs are the same in every run, as those of <see cref="Fuzz"/> are: other ones come
/// with another <c>ORQ_FUZZ_SEED</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SeededPropertyAttribute : FsCheck.NUnit.PropertyAttribute
{
    // The second number, which FsCheck wants odd, only has to be there.
    public SeededPropertyAttribute() => Replay = $"{unchecked((ulong)Fuzz.FirstSeed)},{1}";
}
