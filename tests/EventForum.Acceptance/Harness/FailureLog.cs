using Microsoft.Extensions.Logging;

namespace EventForum.Acceptance.Harness;

/// <summary>
/// Prints what servers in this process log of requests that failed: an answer 500 says only the trace id. Tests provoke
/// everything else that a server rightly complains about.
/// </summary>
internal sealed class FailureLog : ILoggerProvider
{
    private static readonly string[] Categories =
    [
        "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware",
        "EventForum.Commands.CommandBatch",
    ];

    public ILogger CreateLogger(string categoryName) => new Printing(Categories.Contains(categoryName));

    public void Dispose() { }

    private sealed class Printing(bool isPrinted) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isPrinted && logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                Console.Error.WriteLine($"A server logged: {formatter(state, exception)} {exception}");
            }
        }
    }
}
