using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OrqGenerated;

/// <summary>Creates many contacts with any <see cref="IContactsClient"/>.</summary>
public static class ContactsClientExtensions
{
    /// <summary>
    /// Creates or updates many contacts, several at a time; memory use does not grow with their number.
    /// </summary>
    /// <remarks>
    /// <para>Results arrive in the order in which calls end; <see cref="CreateManyResult.Index"/> tells which contact
    /// each belongs to. Contacts with the same external id are sent one after the other, in the order given, without
    /// delaying others. A failed contact does not stop the others, except with a 401, 402 or 403 (see
    /// <see cref="CreateManyResult.EndsRun"/>): no further call is started, and the enumeration ends after the results
    /// of the calls in flight.</para>
    /// <para>A 429 fails no contact. It pauses all calls for as long as the server asks, but at least 1 s (if it does
    /// not say, twice as long each time), and the contact is sent again afterwards. From then on calls start at the
    /// rate that the server has been seen to allow. Only a wait longer than <see cref="CreateManyOptions.MaxPause"/>
    /// ends the run.</para>
    /// <para>Every other failure is retried according to <see cref="CreateManyOptions.Retry"/>; the client's own
    /// <see cref="RetryConfig"/> does not apply.</para>
    /// <para>A slow consumer slows the calls: there are never more than
    /// <see cref="CreateManyOptions.MaxConcurrency"/> calls and unread results together. Leaving the loop early, or
    /// throwing in it, cancels the calls in flight, and returns once they have ended and <paramref name="contacts"/> is
    /// disposed.</para>
    /// </remarks>
    /// <param name="client">The client that sends.</param>
    /// <param name="contacts">
    /// The contacts, read one by one as calls become free, even while the consumer works on a result; up to 4,096 are
    /// held back while an earlier contact with their external id is being sent. If reading throws, that exception
    /// follows the results of all calls started. The run does not end during a read: a source that waits should observe
    /// its token.
    /// </param>
    /// <param name="options">Concurrency, retries and pauses; null for the defaults.</param>
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
        return RunAsync(client, contacts, options ?? new CreateManyOptions(), cancellationToken);
    }

    /// <inheritdoc cref="CreateManyAsync(IContactsClient, IAsyncEnumerable{CreateContactRequestBody},
    /// CreateManyOptions, CancellationToken)"/>
    public static IAsyncEnumerable<CreateManyResult> CreateManyAsync(
        this IContactsClient client,
        IEnumerable<CreateContactRequestBody> contacts,
        CreateManyOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(contacts);
        return client.CreateManyAsync(ReadAsync(contacts), options, cancellationToken);
    }

    // Each enumeration is a new run.
    private static async IAsyncEnumerable<CreateManyResult> RunAsync(
        IContactsClient client,
        IAsyncEnumerable<CreateContactRequestBody> contacts,
        CreateManyOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var run = new ManyRun<CreateContactRequestBody, CreateContactResponseBody>(
            client.CreateContactAsync,
            static contact => contact?.ExternalId ?? "",
            options
        );
        await foreach (var result in run.RunAsync(contacts, cancellationToken).ConfigureAwait(false))
        {
            yield return result.Response is { } contact
                ? new CreateManyResult(result.Index, result.Request, contact)
                : new CreateManyResult(
                    result.Index,
                    result.Request,
                    result.Exception ?? new InvalidOperationException("The client gave no contact.")
                );
        }
    }

    private static async IAsyncEnumerable<CreateContactRequestBody> ReadAsync(
        IEnumerable<CreateContactRequestBody> contacts
    )
    {
        foreach (var contact in contacts)
            yield return contact;
    }
}

/// <summary>Settings for creating many contacts.</summary>
public sealed class CreateManyOptions
{
    /// <summary>The most calls in flight at a time; at least 1. Defaults to 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxConcurrency
    {
        get;
        set => field = OptionChecks.Require(value, value >= 1, "MaxConcurrency must be at least 1.");
    } = 16;

    /// <summary>
    /// The longest pause that a 429 may ask for; above zero and at most a day. Defaults to 5 minutes. A longer one ends
    /// the run with that 429.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its limits.</exception>
    public TimeSpan MaxPause
    {
        get;
        set =>
            field = OptionChecks.Require(
                value,
                value > TimeSpan.Zero && value <= TimeSpan.FromDays(1),
                "MaxPause must be above zero and at most a day."
            );
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// When a failed call is retried, in place of the client's own configuration. A 429 among its statuses is ignored,
    /// since the whole run waits for it. Defaults to <see cref="RetryConfig.Default"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RetryConfig Retry
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Retry));
    } = RetryConfig.Default;

    /// <summary>The clock for pauses and rates; calls use their client's. Defaults to the system clock.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;
}

/// <summary>The result for one of many contacts: the contact as stored, or the exception of its call.</summary>
public sealed class CreateManyResult
{
    /// <summary>Creates the result of a call that succeeded.</summary>
    /// <param name="index">See <see cref="Index"/>.</param>
    /// <param name="request">See <see cref="Request"/>.</param>
    /// <param name="contact">See <see cref="Contact"/>.</param>
    public CreateManyResult(long index, CreateContactRequestBody? request, CreateContactResponseBody contact)
        : this(index, request) => Contact = contact ?? throw new ArgumentNullException(nameof(contact));

    /// <summary>Creates the result of a call that failed.</summary>
    /// <param name="index">See <see cref="Index"/>.</param>
    /// <param name="request">See <see cref="Request"/>.</param>
    /// <param name="exception">See <see cref="Exception"/>.</param>
    public CreateManyResult(long index, CreateContactRequestBody? request, Exception exception)
        : this(index, request) => Exception = exception ?? throw new ArgumentNullException(nameof(exception));

    private CreateManyResult(long index, CreateContactRequestBody? request)
    {
        Index = index;
        Request = request;
    }

    /// <summary>The position of the contact among those given, from 0.</summary>
    public long Index { get; }

    /// <summary>The contact as given; null if null was given.</summary>
    public CreateContactRequestBody? Request { get; }

    /// <summary>The contact as stored; null if the call failed.</summary>
    public CreateContactResponseBody? Contact { get; }

    /// <summary>
    /// The exception of <see cref="IContactsClient.CreateContactAsync"/>; null if the call succeeded.
    /// </summary>
    public Exception? Exception { get; }

    /// <summary>Whether the call succeeded.</summary>
    [MemberNotNullWhen(true, nameof(Contact))]
    [MemberNotNullWhen(false, nameof(Exception))]
    public bool IsSuccess => Exception is null;

    /// <summary>
    /// Whether every other contact would fail too, so that none is sent any more: a 401, 402 or 403, or a 429 that asks
    /// for a wait longer than <see cref="CreateManyOptions.MaxPause"/>. Contacts not sent by then have no result.
    /// </summary>
    public bool EndsRun => Ends(Exception);

    /// <summary>See <see cref="EndsRun"/>. A 429 becomes a result only if its wait is too long.</summary>
    internal static bool Ends(Exception? exception) =>
        exception is OrqApiException { StatusCode: 401 or 402 or 403 or 429 };
}
