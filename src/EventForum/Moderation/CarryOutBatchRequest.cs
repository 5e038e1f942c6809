using EventForum.Commands;

namespace EventForum.Moderation;

/// <summary>Something that a moderator does to several posts or threads at once: all of it is done, or nothing.</summary>
/// <param name="Kind">
/// remove-posts and restore-posts take <c>posts</c>; remove-by-member takes <c>memberId</c> and, if not all of the member's
/// posts are meant, <c>since</c> and <c>boardId</c>; revert-post takes <c>postId</c> and <c>revision</c>; redact-revision takes the same, of an admin,
/// and takes the words out of the forum for good, with those of the post's other revisions that have the same words; rename-thread takes
/// <c>threadId</c> and <c>title</c>; lock-threads, unlock-threads, pin-threads and unpin-threads take <c>threads</c>; move-threads takes
/// <c>threads</c> and the <c>boardId</c> that they are moved to; split-thread takes
/// <c>threadId</c>, <c>posts</c> of it and the <c>title</c> of the new thread, and maybe its <c>boardId</c>; move-posts takes
/// <c>posts</c> and the <c>threadId</c> that they are moved to, and maybe <c>order</c>; merge-threads takes <c>threads</c> and
/// <c>into</c>, and maybe <c>order</c>; merge-posts takes 2-100 <c>posts</c>, all of the author of the first, which gets the words of all in
/// their order; warn-member takes
/// <c>memberId</c>, <c>points</c> and maybe <c>expiresAt</c>; suspend-member takes <c>memberId</c> and maybe <c>until</c>;
/// lift-suspension takes <c>memberId</c>; silence-member and lift-silence take the same as these two.
/// </param>
/// <param name="Reason">
/// 1-500 characters, one line. Everyone reads it; of an act on a member, the member does. The preview does without.
/// </param>
/// <param name="Posts">Up to 10,000 posts.</param>
/// <param name="Threads">Up to 1,000 threads.</param>
/// <param name="Since">Only posts that were written at this time or later.</param>
/// <param name="BoardId">The board to move to; of a member's posts, only those in this board.</param>
/// <param name="Title">3-255 characters, one line.</param>
/// <param name="Revision">The revision whose words the post is to have again, or that are to go.</param>
/// <param name="Until">When the suspension or silence ends; without it, when it is lifted.</param>
/// <param name="Points">0-100.</param>
/// <param name="Into">The thread that the others are merged into.</param>
/// <param name="Order">
/// time, or without it, has posts stand among those of the thread that they come to by their times, up to 10,000 in all; end has
/// them stand behind these.
/// </param>
/// <param name="ExpiresAt">When the points stop counting; without it, never.</param>
/// <param name="CaseId">A case that it resolves, in the same transaction.</param>
/// <param name="Rule">The key of the reason that was found to be right; without it, that of the case's first report.</param>
/// <param name="Explanation">
/// Up to 1,000 characters, for the statement that the post's author reads; without it, the reason stands there.
/// </param>
public sealed record CarryOutBatchRequest(
    string? Kind,
    string? Reason,
    IReadOnlyList<Guid>? Posts = null,
    IReadOnlyList<Guid>? Threads = null,
    Guid? MemberId = null,
    DateTimeOffset? Since = null,
    Guid? BoardId = null,
    Guid? ThreadId = null,
    string? Title = null,
    Guid? PostId = null,
    int? Revision = null,
    DateTimeOffset? Until = null,
    int? Points = null,
    DateTimeOffset? ExpiresAt = null,
    Guid? Into = null,
    string? Order = null,
    Guid? CaseId = null,
    string? Rule = null,
    string? Explanation = null
);

/// <param name="BatchId">Undo it by this id.</param>
/// <param name="Posts">How many posts were changed.</param>
/// <param name="Threads">How many threads were changed, or hold posts that were.</param>
/// <param name="Members">How many members wrote the posts, or started the threads.</param>
/// <param name="Version">The thread's version now, where it was one.</param>
/// <param name="Position">Pass it as <c>min-position</c> to a read that must show the batch.</param>
public sealed record BatchReceipt(
    Guid BatchId,
    string Kind,
    int Posts,
    int Threads,
    int Members,
    long? Version,
    long Position
)
{
    internal static BatchReceipt Of(CommandResult result)
    {
        var (receipt, tally) = (result.Receipt!, result.Receipt!.Tally!);
        return new(
            result.StreamId,
            tally.Kind,
            tally.Posts,
            tally.Threads,
            tally.Members,
            tally.Threads == 1 && receipt.Streams is [_, { } thread, ..] ? thread.Version : null,
            receipt.Position
        );
    }
}
