using System.Net.Sockets;
using EventForum.Platform;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventForum.Tests.Platform;

public sealed class OutageTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.DiskFull)]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    [InlineData("25P03")]
    public void a_database_that_ends_or_takes_no_connections_is_away(string state) =>
        Outage.Is(Failure(state)).ShouldBeTrue();

    [Theory]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.LockNotAvailable)]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    public void a_command_that_met_another_is_no_outage(string state) => Outage.Is(Failure(state)).ShouldBeFalse();

    [Fact]
    public void a_database_that_does_not_answer_is_an_outage()
    {
        Outage.Is(new NpgsqlException("Broken", new IOException())).ShouldBeTrue();
        Outage.Is(new IOException("Unable to write", new SocketException())).ShouldBeTrue();
        Outage.Is(new InvalidOperationException("Saving failed", new SocketException())).ShouldBeTrue();
        Outage.Is(new PostgresException("Shutting down", "FATAL", "FATAL", "57P01")).ShouldBeTrue();
    }

    [Fact]
    public void a_file_that_is_not_there_is_no_outage()
    {
        Outage.Is(new FileNotFoundException("site.css")).ShouldBeFalse();
        Outage.Is(new TypeInitializationException("SiteFiles", new IOException("No such file"))).ShouldBeFalse();
    }

    [Fact]
    public void only_an_outage_is_left_out_of_the_log()
    {
        var lines = new Lines();
        var met = new List<Exception>();
        using var factory = new LoggerFactory();
        using var filter = new OutageFilter(factory) { Met = met.Add };
        filter.AddProvider(lines);
        var log = filter.CreateLogger("test");

        var deadlock = Failure(PostgresErrorCodes.DeadlockDetected);
        var shutdown = Failure(PostgresErrorCodes.AdminShutdown);
        log.LogError(deadlock, "Deadlock");
        log.LogError(shutdown, "Shutdown");

        lines.Written.ShouldBe(["Deadlock"]);
        met.ShouldBe([shutdown]);
    }

    private static PostgresException Failure(string state) => new("Text", "ERROR", "ERROR", state);

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add(formatter(state, exception));

        public void Dispose() { }
    }
}
