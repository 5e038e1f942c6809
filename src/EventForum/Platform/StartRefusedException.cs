using Microsoft.AspNetCore.Connections;

namespace EventForum.Platform;

/// <summary>Why the program does not start, as a sentence for whoever started it.</summary>
public sealed class StartRefusedException : Exception
{
    public StartRefusedException() { }

    public StartRefusedException(string message)
        : base(message) { }

    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Why the program ended instead of doing what it was started for, as a sentence.</summary>
    public static string Explain(Exception e) =>
        e switch
        {
            StartRefusedException or IOException { InnerException: AddressInUseException } => e.Message,
            _ when Outage.Is(e) => $"The database does not answer: {Outage.Reason(e)}",
            _ => $"The program cannot go on: {Outage.Reason(e)} ({e.GetType().Name})",
        };
}
