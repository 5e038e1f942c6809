using EventForum.Threads.Quoting;

namespace EventForum.Threads.Reading;

/// <summary>A post's row: what held at a version of its thread.</summary>
internal sealed record PostRow(
    Guid PostId,
    int Number,
    Guid AuthorId,
    DateTimeOffset PostedAt,
    long? AnsweredVersion,
    int Revision,
    string Body,
    IReadOnlyList<Quote> Quotes,
    DateTimeOffset? EditedAt,
    Guid? EditedBy,
    string? EditReason,
    DateTimeOffset? RemovedAt,
    Guid? RemovedBy,
    string? RemovalReason,
    Guid ThreadId,
    long FromVersion,
    bool IsRemovedNow
)
{
    /// <summary>The text as it is shown, where that was read with the row and is kept.</summary>
    public RenderedText? Rendered { get; init; }

    /// <summary>The author's own removal while a moderator's is shown.</summary>
    public Hold? Behind { get; init; }

    public Holds Holds
    {
        get => new(RemovedBy is { } by ? new Hold(by, RemovedAt!.Value, RemovalReason) : null, Behind);
        init =>
            (RemovedBy, RemovedAt, RemovalReason, Behind) = (
                value.Shown?.By,
                value.Shown?.At,
                value.Shown?.Reason,
                value.Behind
            );
    }

    public IEnumerable<Guid> MemberIds => new[] { AuthorId, EditedBy, RemovedBy }.OfType<Guid>();
}
