namespace OrqGenerated;

/// <summary>What can be done with any <see cref="IContactsClient"/>.</summary>
public static class ContactsClientExtensions
{
    /// <summary>
    /// Creates or updates many contacts, several at a time, in memory that does not grow with their number.
    /// </summary>
    /// <remarks>
    /// <para>Every contact that was started gives one result, in the order in which the calls end; its
    /// <see cref="CreateManyResult.Index"/> says which contact it is. A contact that fails stops nothing, except with a
    /// 401, 402 or 403 (<see cref="CreateManyResult.EndsRun"/>): then no further contact is read, the calls that run
    /// still give their results, and the enumeration ends. Each call is repeated as the client's
    /// <see cref="RetryConfig"/> says.</para>
    /// <para>A 429 to any call, also one that the client repeats, holds back all further calls for as long as the server
    /// asked (<see cref="CreateManyOptions.MaxPause"/> at most) and halves how many run at the same time; successes bring
    /// the pace back.</para>
    /// <para>Whoever reads the results sets the pace too: no more than <see cref="CreateManyOptions.MaxConcurrency"/>
    /// calls and unread results exist at a time. Leaving the loop early, or an exception in it, cancels the calls that
    /// run, and returns when they have ended and <paramref name="contacts"/> is disposed.</para>
    /// </remarks>
    /// <param name="client">The client that sends.</param>
    /// <param name="contacts">
    /// The contacts; read one at a time, never ahead. An exception of theirs is thrown after the results of all calls that
    /// had started.
    /// </param>
    /// <param name="options">Concurrency and pauses; null for the defaults.</param>
    /// <param name="cancellationToken">Ends reading, calls and pauses at once.</param>
    /// <exception cref="ArgumentNullException">The client or the contacts are null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IAsyncEnumerable<CreateManyResult> CreateManyAsync(
        this IContactsClient client,
        IAsyncEnumerable<CreateContactRequestBody> contacts,
        CreateManyOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(contacts);
        return new CreateManyResults(
            client,
            contacts,
            options ?? new CreateManyOptions(),
            cancellationToken
        );
    }
}
