namespace EventForum.Platform;

/// <summary>How long the program waits for its database; the section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>
    /// How long a server that starts waits for a database that does not answer, or that a command has to itself, before
    /// it says so and ends with 1. A minute.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
