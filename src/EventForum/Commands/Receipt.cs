using System.Text.Json.Serialization;

namespace EventForum.Commands;

/// <summary>The answer to a command that was carried out.</summary>
/// <param name="ThreadId">The thread that was started.</param>
/// <param name="PostId">The post that was written.</param>
/// <param name="Number">Its number in the thread, from 1.</param>
/// <param name="Revision">The post's revision, from 1.</param>
/// <param name="Version">The thread's version now: the number of its events.</param>
/// <param name="Position">
/// The position in the whole forum's history; pass it as <c>min-position</c> to a read that must show this write.
/// </param>
/// <param name="Tally">How much of what a batch changed; left out for other commands.</param>
/// <param name="Streams">What was written to, where that is more than one thread; left out otherwise.</param>
public sealed record Receipt(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ThreadId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? PostId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Number = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Revision = null,
    long Version = 0,
    long Position = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<StreamReceipt>? Streams = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BatchTally? Tally = null
);

/// <summary>How much a batch changed.</summary>
public sealed record BatchTally(string Kind, int Posts, int Threads, int Members);

/// <summary>What a command wrote to one of several streams.</summary>
/// <param name="Id">The thread, board or member.</param>
/// <param name="Version">Its version now: the number of its events.</param>
/// <param name="Position">The position of the last of them in the whole forum's history.</param>
public sealed record StreamReceipt(Guid Id, long Version, long Position = 0);
