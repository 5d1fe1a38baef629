using System.Diagnostics.CodeAnalysis;

namespace OrqGenerated;

/// <summary>What came of one contact of many: either the contact as it is stored now, or the exception of its call.</summary>
public sealed class CreateManyResult
{
    /// <summary>Creates the result of a call that succeeded.</summary>
    /// <param name="index">See <see cref="Index"/>.</param>
    /// <param name="request">See <see cref="Request"/>.</param>
    /// <param name="contact">See <see cref="Contact"/>.</param>
    public CreateManyResult(
        long index,
        CreateContactRequestBody? request,
        CreateContactResponseBody contact
    )
        : this(index, request) =>
        Contact = contact ?? throw new ArgumentNullException(nameof(contact));

    /// <summary>Creates the result of a call that failed.</summary>
    /// <param name="index">See <see cref="Index"/>.</param>
    /// <param name="request">See <see cref="Request"/>.</param>
    /// <param name="exception">See <see cref="Exception"/>.</param>
    public CreateManyResult(long index, CreateContactRequestBody? request, Exception exception)
        : this(index, request) =>
        Exception = exception ?? throw new ArgumentNullException(nameof(exception));

    private CreateManyResult(long index, CreateContactRequestBody? request)
    {
        Index = index;
        Request = request;
    }

    /// <summary>Which of the given contacts it is, from 0.</summary>
    public long Index { get; }

    /// <summary>The contact as it was given; null when null was given.</summary>
    public CreateContactRequestBody? Request { get; }

    /// <summary>The contact as it is stored now; null when the call failed.</summary>
    public CreateContactResponseBody? Contact { get; }

    /// <summary>
    /// What <see cref="IContactsClient.CreateContactAsync"/> threw; null when the call succeeded.
    /// </summary>
    public Exception? Exception { get; }

    /// <summary>Whether the call succeeded.</summary>
    [MemberNotNullWhen(true, nameof(Contact))]
    [MemberNotNullWhen(false, nameof(Exception))]
    public bool IsSuccess => Exception is null;

    /// <summary>
    /// Whether the server's answer was a 401, 402 or 403: no other contact would fare better, so no further one is sent.
    /// </summary>
    public bool EndsRun => Exception is OrqApiException { StatusCode: 401 or 402 or 403 };
}
