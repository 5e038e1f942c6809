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
/// <param name="LastNumber">The last number that is taken. Numbers run from 1; those of posts that moved elsewhere stay taken.</param>
/// <param name="StarterId">The member who started it.</param>
/// <param name="LockReason">Why it is locked; null while it is open.</param>
/// <param name="IsPinned">Whether its board lists it before the others.</param>
/// <param name="Numbers">Null while no post has come from another thread or gone to one.</param>
/// <param name="LastReply">The number of the newest post that was written here; null where that is the last number.</param>
public sealed record ForumThread(
    Guid Id,
    long Version,
    Guid BoardId,
    string Title,
    int LastNumber,
    Guid StarterId,
    DateTimeOffset StartedAt,
    string? LockReason,
    bool IsPinned,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ThreadNumbers? Numbers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LastReply = null
)
{
    private static readonly AggregateKind Kind = AggregateKind.Of<ForumThread>(Fold);

    [JsonIgnore]
    public bool IsLocked => LockReason is not null;

    [JsonIgnore]
    public ThreadHeader Header => new(BoardId, Title, LockReason, IsPinned, Numbers);

    [JsonIgnore]
    public int PostCount => LastNumber - (Numbers?.Unused ?? 0);

    /// <summary>Where all its posts are; null while it has some.</summary>
    [JsonIgnore]
    public Guid? MovedTo => PostCount == 0 ? Numbers?.MovedTo : null;

    public static StreamKey Stream(Guid id) => new(Kind, id);

    /// <summary>The state after one more event. Pure: everything comes from the event and its metadata.</summary>
    public static ForumThread? Fold(ForumThread? thread, IEvent e) =>
        ThreadHeader.Fold(thread?.Header, e) is not { } header ? null
        : e.Data is ThreadSplitOff split
            ? new ForumThread(
                e.StreamId,
                1,
                header.BoardId,
                header.Title,
                0,
                split.StarterId,
                split.StartedAt,
                null,
                false,
                header.Numbers
            )
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
            LastNumber = e.Data switch
            {
                ReplyPosted reply => reply.Number,
                PostsMovedIn moved => moved.LastNumber,
                PostsMovedOut moved => moved.LastNumber,
                _ => thread.LastNumber,
            },
            LockReason = header.LockReason,
            IsPinned = header.IsPinned,
            Numbers = header.Numbers,
            LastReply = e.Data switch
            {
                ReplyPosted => null,
                PostsMovedIn or PostsMovedOut => thread.LastReply ?? thread.LastNumber,
                _ => thread.LastReply,
            },
        };
}

/// <summary>Keeps <see cref="ForumThread"/> beside its stream, in the transaction that appends.</summary>
public sealed partial class ForumThreadProjection : SingleStreamProjection<ForumThread, Guid>
{
    public override ForumThread? Evolve(ForumThread? snapshot, Guid id, IEvent e) => ForumThread.Fold(snapshot, e);
}
