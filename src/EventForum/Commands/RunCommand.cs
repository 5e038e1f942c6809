using EventForum.Access;
using EventForum.Platform;

namespace EventForum.Commands;

/// <summary>The Wolverine message that carries a command to its writer; the answer is a <see cref="CommandResult"/>.</summary>
/// <param name="IdempotencyKey">A retry with the same key gets the first answer; null when the client sent none.</param>
/// <param name="CorrelationId">What the command belongs to, recorded with its events.</param>
public sealed record RunCommand(
    ICommand Command,
    Caller Caller,
    Reader Reader,
    string? IdempotencyKey = null,
    string? CorrelationId = null
)
{
    /// <summary>What Wolverine's log says of one that failed: a record would print all that it holds, bodies among it.</summary>
    public override string ToString() => $"{Command.GetType().Name} on {Command.Streams[0].Id}";
}

/// <summary>A receipt, or a refusal.</summary>
/// <param name="StreamId">The first stream that was written to.</param>
public sealed record CommandResult(Receipt? Receipt, Refusal? Refusal, Guid StreamId = default)
{
    public static implicit operator CommandResult(Refusal refusal) => new(null, refusal);
}

public static class RunCommandHandler
{
    public static Task<CommandResult> Handle(RunCommand message, CommandWriters writers) => writers.RunAsync(message);
}
