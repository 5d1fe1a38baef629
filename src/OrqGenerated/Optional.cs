using System.Diagnostics.CodeAnalysis;

namespace OrqGenerated;

/// <summary>
/// A value that may be absent. The API distinguishes three states: unset leaves a field unchanged, null clears it, and
/// a value replaces it.
/// </summary>
/// <remarks>
/// <c>default</c> is unset; any <typeparamref name="T"/>, null included, converts to a set value. Beware of
/// <c>DisplayName = dto.Name</c> and <c>condition ? value : default</c>: both <em>set</em> null if the right side is
/// null. <see cref="Optional.IfNotNull{T}(T)"/> leaves the field unset instead.
/// </remarks>
/// <typeparam name="T">The type of the value; nullable where the API allows null.</typeparam>
public readonly record struct Optional<T>
{
    private readonly T _value;

    /// <summary>Creates a set value.</summary>
    /// <param name="value">The value; null is a value too.</param>
    public Optional(T value)
    {
        _value = value;
        IsSet = true;
    }

    /// <summary>Whether there is a value, null included.</summary>
    public bool IsSet { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The optional is unset; see <see cref="IsSet"/>.</exception>
    public T Value => IsSet ? _value : throw new InvalidOperationException("The optional value is unset.");

    /// <summary>The value, or the default of <typeparamref name="T"/> if unset.</summary>
    public T? GetValueOrDefault() => _value;

    /// <summary>The value, or <paramref name="fallback"/> if unset.</summary>
    /// <param name="fallback">The value to return if unset.</param>
    public T GetValueOrDefault(T fallback) => IsSet ? _value : fallback;

    /// <summary>Gets the value if it is set.</summary>
    /// <param name="value">The value, or the default of <typeparamref name="T"/>.</param>
    /// <returns>Whether the value is set.</returns>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsSet;
    }

    /// <summary>Converts a value, null included, to a set optional.</summary>
    /// <param name="value">The value.</param>
    [SuppressMessage(
        "Usage",
        "CA2225:Operator overloads have named alternates",
        Justification = "Optional.Of is the named alternate."
    )]
    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary><c>unset</c>, <c>null</c> or <c>set</c>; never the value, which may be personal data.</summary>
    public override string ToString() =>
        !IsSet ? "unset"
        : _value is null ? "null"
        : "set";
}

/// <summary>Creates <see cref="Optional{T}"/> values.</summary>
public static class Optional
{
    /// <summary>Creates a set value.</summary>
    /// <param name="value">The value; null is a value too.</param>
    public static Optional<T> Of<T>(T value) => new(value);

    /// <summary>Creates a set value, or an unset one if <paramref name="value"/> is null.</summary>
    /// <param name="value">The value, or null to leave the field unset.</param>
    public static Optional<T?> IfNotNull<T>(T? value)
        where T : class => value is null ? default : new(value);

    /// <inheritdoc cref="IfNotNull{T}(T)"/>
    public static Optional<T?> IfNotNull<T>(T? value)
        where T : struct => value is null ? default : new(value);
}
