namespace OrqGenerated.Tests.Support;

/// <summary>
/// An FsCheck property with the same inputs in every run, like <see cref="Fuzz"/>; set <c>ORQ_FUZZ_SEED</c> for others.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SeededPropertyAttribute : FsCheck.NUnit.PropertyAttribute
{
    // FsCheck also requires an odd number; any will do.
    public SeededPropertyAttribute() => Replay = $"{unchecked((ulong)Fuzz.FirstSeed)},{1}";
}
