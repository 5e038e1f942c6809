using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace EventForum.Platform;

/// <summary>
/// Leaves out of the log what an outage makes every request and every loop of the program say again and again, stack
/// and all, and why the program does not start, which it says itself. All other failures are logged as they are.
/// </summary>
public sealed class OutageFilter(LoggerFactory inner) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> loggers = new(StringComparer.Ordinal);

    /// <summary>Is told of each failure that is left out.</summary>
    public Action<Exception>? Met { get; set; }

    public ILogger CreateLogger(string categoryName) =>
        loggers.GetOrAdd(categoryName, name => new Filtered(inner.CreateLogger(name), this));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Filtered(ILogger inner, OutageFilter filter) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (
                exception is StartRefusedException or IOException { InnerException: AddressInUseException }
                || eventId.Name is "HostedServiceStartupFaulted"
                // What had been started already is stopped again.
                || exception is OperationCanceledException
                    && eventId.Name is ("BackgroundServiceFaulted" or "BackgroundServiceStoppingHost")
            )
            {
                return;
            }

            if (exception is not null && Outage.Is(exception))
            {
                filter.Met?.Invoke(exception);
                return;
            }

            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
