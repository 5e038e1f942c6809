using System.Text.Json.Serialization;
using EventForum.Commands;
using EventForum.Platform;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace EventForum.Threads;

/// <summary>
/// The small state that commands on a thread decide with: its size does not grow with the number of posts.
/// </summary>
/// <param name="Id">The stream's id.</param>
/// <param name="Version">The number of events in the stream.</param>
/// <param name="LastNumber">The number of the newest post; numbers run from 1 without gaps.</param>
/// <param name="StarterId">The member who started it.</param>
/// <param name="LockReason">Why it is locked; null while it is open.</param>
/// <param name="IsPinned">Whether its board lists it before the others.</param>
public sealed record ForumThread(
    Guid Id,
    long Version,
    Guid BoardId,
    string Title,
    int LastNumber,
    Guid StarterId,
    DateTimeOffset StartedAt,
    string? LockReason,
    bool IsPinned
)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<ForumThread>(Fold);

    [JsonIgnore]
    public bool IsLocked => LockReason is not null;

    [JsonIgnore]
    public ThreadHeader Header => new(BoardId, Title, LockReason, IsPinned);

    public static StreamKey Stream(Guid id) => new(Kind, id);

    /// <summary>The state after one more event. Pure: everything comes from the event and its metadata.</summary>
    public static ForumThread? Fold(ForumThread? thread, IEvent e) =>
        ThreadHeader.Fold(thread?.Header, e) is not { } header ? null
        : thread is null || e.Data is ThreadStarted
            ? new ForumThread(
                e.StreamId,
                1,
                header.BoardId,
                header.Title,
                1,
                e.ActorId(),
                e.Timestamp,
                header.LockReason,
                header.IsPinned
            )
        : thread with
        {
            Version = thread.Version + 1,
            BoardId = header.BoardId,
            Title = header.Title,
            LastNumber = e.Data is ReplyPosted reply ? reply.Number : thread.LastNumber,
            LockReason = header.LockReason,
            IsPinned = header.IsPinned,
        };
}

/// <summary>Keeps <see cref="ForumThread"/> beside its stream, in the transaction that appends.</summary>
public sealed partial class ForumThreadProjection : SingleStreamProjection<ForumThread, Guid>
{
    public override ForumThread? Evolve(ForumThread? snapshot, Guid id, IEvent e) => ForumThread.Fold(snapshot, e);
}
