namespace OrqGenerated.Refresh;

/// <summary>An input that cannot be used. The message is one line for the person who gave it.</summary>
internal class BadInputException(string message, Exception? inner = null) : Exception(message, inner);
