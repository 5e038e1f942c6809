namespace EventForum.Commands;

/// <summary>How commands are carried out; the section <c>Writers</c>.</summary>
public sealed class CommandWriterOptions
{
    /// <summary>Writers in this process; a stream always belongs to the same one.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>The most commands that are committed together.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Commands waiting in this process beyond which new ones are answered 503.</summary>
    public int MaxWaiting { get; set; } = 10_000;
}
