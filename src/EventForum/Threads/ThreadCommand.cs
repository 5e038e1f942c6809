using System.Text.Json.Serialization;
using EventForum.Boards;
using EventForum.Platform;

namespace EventForum.Threads;

/// <summary>
/// A command on one thread. Its rule, <see cref="Decide"/>, is pure: what there is and who asks, to events or a refusal.
/// </summary>
public interface IThreadCommand
{
    Guid ThreadId { get; }

    /// <summary>The board that the rule looks at, if it does.</summary>
    [JsonIgnore]
    Guid? BoardId => null;

    /// <summary>The posts that the rule looks at.</summary>
    [JsonIgnore]
    PostNames Names => PostNames.None;

    Decision Decide(ThreadScene scene);
}

/// <summary>What a rule may look at: the thread as the commands before it left it, the posts it names, who asks.</summary>
/// <param name="Thread">Null when there is no such thread.</param>
/// <param name="Board">The board that the command names; null when there is none.</param>
public sealed record ThreadScene(ForumThread? Thread, Board? Board, NamedPosts Posts, Guid ActorId, Caller Caller);

/// <summary>What a rule decided: events to append, or why not.</summary>
public sealed record Decision
{
    public IReadOnlyList<object> Events { get; private init; } = [];

    public Refusal? Refusal { get; private init; }

    public Receipt Receipt { get; private init; } = new();

    public static implicit operator Decision(Refusal refusal) => new() { Refusal = refusal };

    public static Decision To(Receipt receipt, params object[] events) => new() { Receipt = receipt, Events = events };
}

/// <summary>The answer to a command that was carried out.</summary>
/// <param name="ThreadId">The thread that was started.</param>
/// <param name="PostId">The post that was written.</param>
/// <param name="Number">Its number in the thread, from 1.</param>
/// <param name="Revision">The post's revision, from 1.</param>
/// <param name="Version">The thread's version now: the number of its events.</param>
/// <param name="Position">
/// The position in the whole forum's history; pass it as <c>min-position</c> to a read that must show this write.
/// </param>
public sealed record Receipt(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ThreadId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? PostId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Number = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Revision = null,
    long Version = 0,
    long Position = 0
);

/// <summary>The Wolverine message that carries a command to its thread's writer; the answer is an <see cref="Outcome"/>.</summary>
/// <param name="IdempotencyKey">A retry with the same key gets the first answer; null when the client sent none.</param>
/// <param name="CorrelationId">What the command belongs to, recorded with its events.</param>
public sealed record RunThreadCommand(
    IThreadCommand Command,
    Caller Caller,
    string? IdempotencyKey = null,
    string? CorrelationId = null
)
{
    /// <summary>What Wolverine's log says of one that failed: a record would print all that it holds, bodies among it.</summary>
    public override string ToString() => $"{Command.GetType().Name} on thread {Command.ThreadId}";
}

/// <summary>A receipt, or a refusal.</summary>
public sealed record Outcome(Receipt? Receipt, Refusal? Refusal)
{
    public static implicit operator Outcome(Refusal refusal) => new(null, refusal);

    public static implicit operator Outcome(Receipt receipt) => new(receipt, null);
}

public static class RunThreadCommandHandler
{
    public static Task<Outcome> Handle(RunThreadCommand message, ThreadWriters writers) => writers.RunAsync(message);
}
