namespace OrqGenerated.Tests.Support;

/// <summary>
/// An FsCheck property whose inputs are the same in every run, like those of <see cref="Fuzz"/>; another
/// <c>ORQ_FUZZ_SEED</c> gives other inputs.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SeededPropertyAttribute : FsCheck.NUnit.PropertyAttribute
{
    // FsCheck requires a second, odd number; any will do.
    public SeededPropertyAttribute() => Replay = $"{unchecked((ulong)Fuzz.FirstSeed)},{1}";
}
