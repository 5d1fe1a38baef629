namespace OrqGenerated.Refresh;

/// <summary>Class names that generated code or the handwritten library uses for something else.</summary>
internal static class ReservedNames
{
    private static readonly HashSet<string> OfDotNet = Set(
        """
        Action Array Attribute BigInteger Boolean Buffer Byte CancellationToken Char
        Convert CultureInfo DateOnly DateTime DateTimeOffset Decimal Dictionary Directory Double
        Encoding Enum Enumerable Environment Exception File Func GC Guid
        HttpClient HttpContent HttpMethod HttpRequestMessage HttpResponseMessage IDisposable Index Int16 Int32
        Int64 JsonReader JsonToken JsonWriter KeyValuePair Lazy List Math Memory
        Monitor Nullable Object Path Random Range Single Span Stream
        String StringBuilder StringComparer StringComparison Task TaskFactory Thread Tuple Type
        TimeProvider TimeSpan TimeZone Timer Uri ValueTask Version Void
        """
    );

    /// <summary>Those of the library, besides everything that starts with Orq.</summary>
    private static readonly HashSet<string> OfTheLibrary = Set(
        """
        AnyCodec AnyConverter ApiError ApiErrorDescription ApiKeyRequest ApiKeySource AuthorizationHeader
        BackoffStrategy BooleanCodec BytesCodec CallOutcome CallRun CallSettings CallTelemetry
        Cancelled Chance Connection ContactsClientExtensions Content CreateManyOptions CreateManyPace
        CreateManyResult CreateManyResults CreateManyRun DateCodec DateTimeCodec DecimalCodec ErrorBody
        ExceptionFactory Failure HeaderDictionary HeaderRules IJsonModel IntegerCodec Invalid
        JsonAny JsonCodec JsonNumber JsonPath JsonProperty JsonText JsonTime
        KnownName Limits ListCodec MapCodec ModelCodec ModelConverter NothingCodec
        NumberCodec Optional OwnHttpClient ParameterText PooledChars ReceivedBody Redaction
        RequestBody RequestJson ResponseBodyReader ResponseHeaders RetryConfig RetryDelay RetryStrategy
        ServerAddress Status StringCodec Thrown Timeout Unreadable
        """
    );

    public static bool Contains(string name) =>
        OfDotNet.Contains(name)
        || OfTheLibrary.Contains(name)
        || name.StartsWith("Orq", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Set(string names) =>
        names
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
