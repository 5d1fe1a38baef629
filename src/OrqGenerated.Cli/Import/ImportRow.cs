namespace OrqGenerated.Cli.Import;

/// <summary>One row of the input: a contact, or what is wrong with it.</summary>
/// <param name="Number">Which row it is, from 1; the header of a CSV file and empty lines do not count.</param>
/// <param name="Line">The line of the input that it starts on, from 1.</param>
/// <param name="Text">The row as it stands in the input.</param>
internal sealed record ImportRow(long Number, long Line, string Text)
{
    public CreateContactRequestBody? Contact { get; init; }

    public string? Error { get; init; }
}
