using System.Net.Sockets;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// Tells a database that is away from a command that is wrong, and from one that met another, such as in a deadlock: it
/// may run again, but the database is there.
/// </summary>
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

    /// <summary>
    /// No connection, no resources, cancelled or ended by an operator, a limit or a crash, an error of the system; 25P03:
    /// PostgreSQL ended a transaction because nothing came for long.
    /// </summary>
    private static readonly string[] States = ["08", "53", "57", "58", "25P03"];

    /// <summary>Npgsql's own failures, and what a broken connection leaves behind for those who still hold it.</summary>
    public static bool Is(Exception? e) =>
        e switch
        {
            null => false,
            PostgresException postgres => States.Any(state =>
                postgres.SqlState.StartsWith(state, StringComparison.Ordinal)
            ),
            NpgsqlException or SocketException or IOException { Source: "Npgsql" } => true,
            ObjectDisposedException disposed when disposed.ObjectName.StartsWith("Npgsql", StringComparison.Ordinal) =>
                true,
            // The driver's reader falls over a connection that is torn down under it.
            NullReferenceException { Source: "Npgsql" } => true,
            AggregateException several => several.InnerExceptions.Any(Is),
            _ => Is(e.InnerException),
        };

    /// <summary>The database may still be at it: asking again at once would only take as long again.</summary>
    public static bool IsTimeout(Exception? e) =>
        e is not null && (e is TimeoutException || IsTimeout(e.InnerException));

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
