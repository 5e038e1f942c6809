namespace EventForum.Platform;

/// <summary>How long the program waits for its database; the section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>
    /// How long a server that starts waits for a database that does not answer, or that a command has to itself, before
    /// it says so and ends with 1. A minute.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a server waits for the database to answer a statement, or to take a connection, before the request is
    /// answered 503. It holds for the statements of views too, not for changes of the schema at the server's start. Two
    /// thirds of it are for the answer, the rest is for cancelling what has timed out, in whole seconds. 15
    /// seconds: a machine under load takes some to connect.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a command waits for its answer. After that it is answered 503, and may still be carried out:
    /// the same request with the same Idempotency-Key gets its answer. 15 seconds.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public static DatabaseOptions Of(IConfiguration configuration) =>
        configuration.GetSection("Database").Get<DatabaseOptions>() ?? new();
}
