using System.Net.Sockets;
using Npgsql;

namespace EventForum.Platform;

/// <summary>Tells a database that is out of reach from a command that is wrong.</summary>
public static class Outage
{
    public static Refusal Refusal { get; } =
        new(
            503,
            "store-unavailable",
            "The database did not answer.",
            "Nothing was acknowledged. Send the request again, a command with the same Idempotency-Key: it is carried out once."
        )
        {
            RetryAfter = 2,
        };

    /// <summary>PostgreSQL ended a transaction because nothing came for long.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>Npgsql's own failures, and what a broken connection leaves behind for those who still hold it.</summary>
    public static bool Is(Exception? e) =>
        e switch
        {
            null => false,
            PostgresException postgres => postgres.IsTransient
                || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
                || postgres.SqlState == IdleInTransaction,
            NpgsqlException or SocketException or IOException { Source: "Npgsql" } => true,
            ObjectDisposedException disposed when disposed.ObjectName.StartsWith("Npgsql", StringComparison.Ordinal) =>
                true,
            // The driver's reader falls over a connection that is torn down under it.
            NullReferenceException { Source: "Npgsql" } => true,
            AggregateException several => several.InnerExceptions.Any(Is),
            _ => Is(e.InnerException),
        };

    /// <summary>What went wrong at the bottom of it, as one line; it holds neither statements nor credentials.</summary>
    public static string Reason(Exception e)
    {
        while (e is not PostgresException && e.InnerException is { } inner)
        {
            e = inner;
        }

        var message = e is PostgresException postgres ? postgres.MessageText : e.Message;
        return message.ReplaceLineEndings(" ").TrimEnd('.') + ".";
    }
}
