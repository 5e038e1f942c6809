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
    /// How long a request that reads, or that prepares a command, waits for the database before it is answered 503; and
    /// how long any statement of a server may take, of its views too, but not what changes the schema at its start. A
    /// third of it is for connecting, the rest for the answer, in whole seconds. 10 seconds.
    /// </summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a command waits for its answer. After that it is answered 503, and may still be carried out:
    /// the same request with the same Idempotency-Key gets its answer. 15 seconds.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public static DatabaseOptions Of(IConfiguration configuration) =>
        configuration.GetSection("Database").Get<DatabaseOptions>() ?? new();
}
