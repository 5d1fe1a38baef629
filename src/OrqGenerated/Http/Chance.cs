namespace OrqGenerated.Internal;

/// <summary>The one place that chance comes from unless a test injects it.</summary>
internal static class Chance
{
#pragma warning disable RS0030, CA5394 // This is where it is injected from; jitter needs no cryptographic strength.
    public static double Next() => Random.Shared.NextDouble();
#pragma warning restore RS0030, CA5394
}
