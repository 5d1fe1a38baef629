namespace OrqGenerated.Refresh;

/// <summary>The input cannot be used. The message is one line for whoever provided it.</summary>
internal class BadInputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No generated method could call the operation. The message is the reason, without its name.</summary>
internal sealed class NotSupportedOperationException(string message) : BadInputException(message);
