using System.Threading.Channels;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>
/// A client whose calls wait until the test completes them. The body is nullable, so that this implements the interface
/// even if the document does not require a body.
/// </summary>
internal sealed class ScriptedClient : IContactsClient
{
    private readonly Channel<Call> _started = Channel.CreateUnbounded<Call>();
    private int _running;

    public int Running => Volatile.Read(ref _running);

    public bool HasCall => _started.Reader.TryPeek(out _);

    /// <summary>The next call, in the order in which they were started.</summary>
    /// <exception cref="TimeoutException">None was started within 30 seconds.</exception>
    public Task<Call> NextCallAsync() =>
        Expect.NextAsync(_started.Reader, () => $"a call to start; {Running} are running");

    public async Task<Call[]> NextCallsAsync(int count)
    {
        var calls = new Call[count];
        for (var i = 0; i < count; i++)
            calls[i] = await NextCallAsync();

        return calls;
    }

    /// <summary>Completes the next calls, one after the other.</summary>
    public async Task SucceedNextAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
            (await NextCallAsync()).Succeed();
    }

    public async Task<CreateContactResponseBody> CreateContactAsync(
        CreateContactRequestBody? body,
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(body);
        Interlocked.Increment(ref _running);
        try
        {
            var call = new Call(body, options);
            await using var registration = cancellationToken.Register(() =>
                call.Completion.TrySetCanceled(cancellationToken)
            );
            _started.Writer.TryWrite(call);
            return await call.Completion.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public Task<OrqResponse<CreateContactResponseBody>> CreateContactWithResponseAsync(
        CreateContactRequestBody? body,
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    internal sealed class Call(CreateContactRequestBody body, OrqRequestOptions? options)
    {
        public TaskCompletionSource<CreateContactResponseBody> Completion { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string ExternalId => body.ExternalId;

        public OrqRequestOptions? Options => options;

        public void Succeed() => Completion.TrySetResult(StoredContact.Of(body.ExternalId));

        public void Fail(Exception exception) => Completion.TrySetException(exception);
    }
}

/// <summary>A source that counts the contacts read from it, and can fail or stall.</summary>
internal sealed class CountingSource(int count) : IAsyncEnumerable<CreateContactRequestBody>
{
    private readonly Channel<int> _reads = Channel.CreateUnbounded<int>();
    private int _read;
    private int _disposed;

    public int Read => Volatile.Read(ref _read);

    public int Disposed => Volatile.Read(ref _disposed);

    /// <summary>The exception that is thrown in place of the contact with this index.</summary>
    public (int Index, Exception Exception)? Failure { get; init; }

    /// <summary>The index of the first contact never read; the source waits there until it is cancelled.</summary>
    public int HoldAt { get; init; } = int.MaxValue;

    /// <summary>The external id of all contacts; null to give each its own.</summary>
    public string? Id { get; init; }

    /// <summary>Completes when this many contacts have been read.</summary>
    /// <exception cref="TimeoutException">No further one was read within 30 seconds.</exception>
    public async Task WaitForReadAsync(int contacts)
    {
        while (
            await Expect.NextAsync(_reads.Reader, () => $"{contacts} contacts to be read, not only {Read}") < contacts
        ) { }
    }

    public async IAsyncEnumerator<CreateContactRequestBody> GetAsyncEnumerator(
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (i >= HoldAt)
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);

                if (i == Failure?.Index)
                    throw Failure.Value.Exception;

                _reads.Writer.TryWrite(Interlocked.Increment(ref _read));
                yield return new() { ExternalId = Id ?? $"user_{i}" };
            }
        }
        finally
        {
            Interlocked.Increment(ref _disposed);
        }
    }
}
