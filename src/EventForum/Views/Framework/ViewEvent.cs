using EventForum.Platform;
using JasperFx.Events;

namespace EventForum.Views.Framework;

/// <summary>
/// An event as a view gets it: its data, when and by whom, and what was known for good of the thread and the posts that it
/// is about. Of the texts of posts there is the length only.
/// </summary>
/// <param name="Event">The event as Marten gives it; a post's <c>Body</c> in its data may be null.</param>
/// <param name="Thread">The thread in which it happened; null for events of boards and members.</param>
/// <param name="Post">The post that it is about; null for those about none.</param>
/// <param name="Quoted">The posts that it quotes, as far as they exist.</param>
public sealed record ViewEvent(IEvent Event, ThreadFacts? Thread, PostFacts? Post, IReadOnlyList<PostFacts> Quoted)
{
    /// <summary>The thread that the post of a case was in when this happened to the case; null for events of anything else.</summary>
    public Guid? CaseThreadId { get; init; }

    /// <summary>The event's data: a <c>ReplyPosted</c>, a <c>PostEdited</c> and so on.</summary>
    public object Data => Event.Data;

    public long Position => Event.Sequence;

    public DateTimeOffset At => Event.Timestamp;

    /// <summary>The day on which it happened, UTC.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Event.Timestamp.UtcDateTime);

    /// <summary>The member who did it.</summary>
    public Guid ActorId => Event.ActorId();

    /// <summary>Characters of the text that it wrote; 0 where it wrote none.</summary>
    public int BodyLength => ViewFacts.BodyLengthOf(Event);
}

/// <summary>What is known of a thread when something happens in it.</summary>
/// <param name="BoardId">The board that it is in then: of a move, the one that it comes to.</param>
public sealed record ThreadFacts(Guid Id, Guid BoardId, Guid StarterId, DateTimeOffset StartedAt);

/// <summary>What is known of a post since it was written.</summary>
/// <param name="BoardId">The board that its thread was in then.</param>
/// <param name="Length">Characters of its first revision.</param>
public sealed record PostFacts(
    Guid Id,
    Guid ThreadId,
    Guid BoardId,
    int Number,
    Guid AuthorId,
    DateTimeOffset PostedAt,
    int Length
);
