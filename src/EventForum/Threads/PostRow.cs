using EventForum.Platform;
using EventForum.Threads.Quoting;
using JasperFx.Events;

namespace EventForum.Threads;

/// <summary>A post as it stands from a version of its thread on: a row of <see cref="PostTable"/>.</summary>
/// <param name="FromVersion">The version of the thread that made it so.</param>
public sealed record PostRow(
    Guid PostId,
    Guid ThreadId,
    int Number,
    Guid AuthorId,
    DateTimeOffset PostedAt,
    long? AnsweredVersion,
    long FromVersion,
    int Revision,
    DateTimeOffset? EditedAt,
    Guid? EditedBy,
    string? EditReason,
    Holds Holds,
    string Body,
    IReadOnlyList<Quote> Quotes
)
{
    /// <summary>Where a row of the past is read: whether the post is removed now.</summary>
    public bool IsRemovedNow { get; init; }

    /// <summary>The same: the thread that the post is in now, where it is another one.</summary>
    public Guid? MovedTo { get; init; }

    /// <summary>The text as it is shown, where that was read with the row and is kept.</summary>
    public RenderedText? Rendered { get; init; }

    /// <summary>What stands in place of its words; null for a row that has them.</summary>
    public Mask? Mask { get; init; }

    /// <summary>Whether nobody knows its words, but those of the revision after it.</summary>
    public bool IsUnknown => Mask?.Why is Masking.Unknown;

    public PostFormat Format { get; init; }

    /// <summary>The post that it answers; null where that is not known.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Whether it came when later posts were here: by its number it stands behind them.</summary>
    public bool IsLate { get; init; }

    public DateTimeOffset? RemovedAt => Holds.Shown?.At;

    public Guid? RemovedBy => Holds.Shown?.By;

    public string? RemovalReason => Holds.Shown?.Reason;

    /// <summary>Whether it waits for a moderator, since its author is silenced.</summary>
    public bool IsWaiting => Holds.IsWaiting(AuthorId);

    /// <summary>Who is shown to have removed it: not who silenced the author of a post that waits.</summary>
    public Guid? ShownRemover => IsWaiting ? AuthorId : RemovedBy;

    /// <summary>The author's own removal while a moderator's is shown.</summary>
    public Hold? Behind => Holds.Behind;

    public IEnumerable<Guid> MemberIds => new[] { AuthorId, EditedBy, RemovedBy }.OfType<Guid>();

    /// <summary>
    /// What an event about a post makes of its row. The table, the rules of a batch and a thread that is folded without some of its
    /// events all go by this. Pure: everything comes from the event and its metadata.
    /// </summary>
    /// <param name="post">The row that held before; null when the post was not there, or is not known.</param>
    public static PostRow? Fold(PostRow? post, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => Written(
                e,
                started.PostId,
                1,
                null,
                started.Body,
                started.Quotes,
                started.Mask,
                started.Format,
                started.ParentId,
                isLate: false
            ),
            ReplyPosted reply => Written(
                e,
                reply.PostId,
                reply.Number,
                reply.AnsweredVersion,
                reply.Body,
                reply.Quotes,
                reply.Mask,
                reply.Format,
                reply.ParentId,
                reply.Late
            ),
            _ when post is null => null,
            PostEdited edit => post with
            {
                FromVersion = e.Version,
                Revision = post.Revision + 1,
                EditedAt = e.Timestamp,
                EditedBy = e.ActorId(),
                EditReason = edit.Reason,
                Body = edit.Body,
                Quotes = edit.Quotes,
                Mask = edit.Mask,
                Format = edit.Format,
            },
            RevisionRedacted redaction when redaction.Revisions.Contains(post.Revision) => post with
            {
                Body = "",
                Mask = post.Mask ?? new Mask(Masking.Redacted, PlainLine.Length(post.Body)),
            },
            PostRemoved removal => post with
            {
                FromVersion = e.Version,
                Holds = post.Holds.With(new Hold(e.ActorId(), e.Timestamp, removal.Reason), post.AuthorId),
            },
            PostHeld held => post with
            {
                FromVersion = e.Version,
                Holds = post.Holds.With(new Hold(held.By, e.Timestamp, null), post.AuthorId),
            },
            PostRestored => post with
            {
                FromVersion = e.Version,
                Holds = post.Holds.LiftedBy(e.ActorId(), post.AuthorId),
            },
            PostHoldsRestored reset => post with
            {
                FromVersion = e.Version,
                Holds = Holds.Of(reset.Moderators, reset.Authors),
            },
            _ when PostEvents.NumberOf(e.Data, post.PostId) is { } number => post with
            {
                ThreadId = e.StreamId,
                Number = number,
                FromVersion = e.Version,
            },
            _ => post,
        };

    private static PostRow Written(
        IEvent e,
        Guid id,
        int number,
        long? answered,
        string body,
        IReadOnlyList<Quote> quotes,
        Mask? mask,
        PostFormat format,
        Guid? parentId,
        bool isLate
    ) =>
        new(
            id,
            e.StreamId,
            number,
            e.ActorId(),
            e.Timestamp,
            answered,
            e.Version,
            1,
            null,
            null,
            null,
            default,
            body,
            quotes
        )
        {
            Mask = mask,
            Format = format,
            ParentId = parentId,
            IsLate = isLate,
        };
}
