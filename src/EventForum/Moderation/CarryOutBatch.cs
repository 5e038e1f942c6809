using System.Text.Json;
using System.Text.Json.Serialization;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

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

/// <param name="Posts">Every post that it is about, with its thread.</param>
/// <param name="Threads">The threads that it is about, or whose posts it is about.</param>
/// <param name="Words">The rows of the posts whose words the act needs.</param>
/// <param name="Resolved">The case that it resolves; null for none.</param>
internal sealed record CarryOutBatch(
    Guid Id,
    CarryOutBatchRequest Asked,
    IModerationAct Act,
    IReadOnlyList<(Guid PostId, Guid ThreadId)> Posts,
    IReadOnlyList<Guid> Threads,
    IReadOnlyDictionary<Guid, PostRow> Words,
    ActTerms Terms,
    CasePlace? Resolved = null
) : INamesPosts, INamesBoards, IMovesPosts, IRedactsWords
{
    private static readonly JsonSerializerOptions WhatIsSaid = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    Guid? ICommand.BatchId => Id;

    Guid? INamesBoards.BoardId => Act.ToBoard;

    IReadOnlyList<StreamKey> ICommand.Streams =>
        [
            ModerationBatch.Stream(Id),
            .. Threads.Select(ForumThread.Stream).Union(CaseStreams),
            .. Act.Move is { ToThread: null } ? [ForumThread.Stream(NewThreadId)] : (StreamKey[])[],
            .. Act.Members.Select(Member.Stream),
        ];

    string ICommand.Request => nameof(CarryOutBatch) + JsonSerializer.Serialize(Asked, WhatIsSaid);

    PostNames INamesPosts.Names { get; } =
        PostNames.Of([
            .. (Act.Move is null ? Posts.Select(post => post.PostId) : []).Union(
                Resolved is null ? [] : [Resolved.PostId]
            ),
        ]);

    IReadOnlyList<Guid> IMovesPosts.MovedThreads => Act.Move is null ? [] : Threads;

    RedactRevision? IRedactsWords.Redaction => Act.Redaction;

    /// <summary>The id of the thread that is made, if one is.</summary>
    private Guid NewThreadId { get; } = Guid.CreateVersion7();

    private IEnumerable<StreamKey> CaseStreams =>
        Resolved is null ? [] : [Case.Stream(Resolved.CaseId), ForumThread.Stream(Resolved.ThreadId)];

    public Decision Decide(DecisionContext context)
    {
        var weighed = Weigh(context);
        if (weighed.Refusal is { } refusal)
        {
            return refusal;
        }

        var decision = weighed.Decide(Id, Asked.Kind!, Asked.Reason!.Trim(), null, Resolved?.CaseId);
        return Resolved is null || context.Find<Case>(Case.Stream(Resolved.CaseId)) is not { } resolved
            ? decision
            : decision.And(
                Case.Stream(resolved.Id),
                new CaseResolved(Id, Asked.Rule ?? resolved.Reasons[0], CaseTexts.Trimmed(Asked.Explanation))
            );
    }

    /// <summary>What it comes to.</summary>
    public WeighedBatch Weigh(DecisionContext context)
    {
        // A preview may come before the reason.
        var reason = Asked.Reason?.Trim() ?? "";
        var weighed = new WeighedBatch();
        if (Asked.Until <= Terms.Now || Asked.ExpiresAt <= Terms.Now)
        {
            return weighed with
            {
                Refusal = ModerationRefusals.IsOver(Asked.Until <= Terms.Now ? "until" : "expiresAt"),
            };
        }

        if (Resolved is not null)
        {
            var (noCase, resolved) = context.Case(Resolved);
            if ((noCase ?? resolved!.RefusalToDecide(context.ActorId)) is { } no)
            {
                return weighed with { Refusal = no };
            }
        }

        if (Act.ToBoard is { } board && RefusalOf(board, context) is { } refusal)
        {
            return weighed with { Refusal = refusal };
        }

        if (Act.Move is { } move)
        {
            return PostMoves.Weigh(weighed, move, Posts, NewThreadId, Act.ToBoard, reason, context);
        }

        foreach (var id in Act.Threads.Distinct())
        {
            if (context.Thread(id) is not { } thread)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchThread };
            }

            if (!context.Moderates(thread))
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }

            weighed.Add(thread, Act.On(thread, reason));
        }

        foreach (var id in Act.Members)
        {
            if (!context.Reader.ModeratesForum)
            {
                return weighed with { Refusal = ModerationRefusals.ModeratorsOnly };
            }

            if (context.Find<Member>(Member.Stream(id)) is not { } member)
            {
                return weighed with { Refusal = MemberName.NoSuchMember };
            }

            if (member.Roles?.Decide == true && !context.Reader.IsAdmin)
            {
                return weighed with { Refusal = ModerationRefusals.AdminsOnly };
            }

            weighed.Add(member, Act.On(member, Terms, reason));
        }

        foreach (var (postId, threadId) in Posts)
        {
            if (context.Thread(threadId) is not { } thread || context.Posts().Find(postId) is not { } post)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchPost };
            }

            if (post.ThreadId != threadId || IsOutdated(post))
            {
                return weighed with { Refusal = Decision.StreamsChanged };
            }

            if (Act.Redaction is not null)
            {
                return RedactRevision.Weigh(weighed, post, reason, context);
            }

            if (context.Moderates(thread))
            {
                weighed.Add(thread, post, Act.On(post, context, reason, Words));
            }
            else if (Act.ByMember is not null)
            {
                weighed.Add(thread, post, ActStep.LeaveAlone("It is in a board that you do not moderate."));
            }
            else
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }
        }

        return weighed.HasEvents ? weighed : weighed with { Refusal = ModerationRefusals.NothingToDo };
    }

    /// <summary>Whether the words that the act needs of a post are not those that it has any more.</summary>
    private bool IsOutdated(PostState post) =>
        Act.Words.Contains((post.Id, null)) && Words[post.Id].Revision != post.Revision;

    /// <summary>Why nothing can be moved to a board.</summary>
    private static Refusal? RefusalOf(Guid board, DecisionContext context) =>
        context.Named<NamedBoards>().Find(board) is null || !context.Reader.Sees(board) ? BoardRefusals.NoSuchBoard
        : !context.Reader.Moderates(board) ? BoardRefusals.ModeratorsOnly
        : context.Reader.CloseReason(board) is { } closed ? BoardRefusals.Closed(closed)
        : null;
}

public static class CarryOutBatchEndpoint
{
    /// <summary>
    /// Does something to several posts or threads, as a moderator. What is so already is left alone; ask the preview
    /// before. It can be undone, but for redact-revision.
    /// </summary>
    [WolverinePost("/api/moderation/batches"), Authorize, ProducesResponseType(typeof(BatchReceipt), 201)]
    [ProducesResponseType(403, Description = "Only a moderator of all the boards may do this.")]
    [ProducesResponseType(404, Description = "One of the posts or threads is not there.")]
    [ProducesResponseType(422, Description = "There is no such kind, or what it needs is missing.")]
    public static Task<IResult> Post(CarryOutBatchRequest request, HttpContext http, IMessageBus bus, BatchPlans plans)
    {
        var id = Guid.CreateVersion7();
        return bus.RunAsync(http, () => plans.PlanAsync(id, request, http), 201, BatchReceipt.Of);
    }
}
