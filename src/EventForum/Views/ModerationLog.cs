using System.ComponentModel.DataAnnotations;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What moderators did, a row a batch: what they did at once, and each command that is a batch of one.</summary>
public sealed class ModerationLog : IView<ModerationLog.Entry>
{
    public string Name => "moderation-log";

    public int Version => 2;

    public string Summary => "What moderators did: who, what, to whom, where, why.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["position"],
            ["actor_id", "position"],
        ];

    /// <param name="IsWhole">Whether it is told by its own stream; else by the one event that there is.</param>
    public sealed record Entry(
        [property: Key] Guid BatchId,
        long Position = 0,
        DateTimeOffset At = default,
        Guid ActorId = default,
        string Kind = "",
        string? Reason = null,
        IReadOnlyList<Guid>? BoardIds = null,
        IReadOnlyList<Guid>? MemberIds = null,
        Guid? ThreadId = null,
        Guid? PostId = null,
        int Posts = 0,
        int Threads = 0,
        Guid? UndoneBatchId = null,
        Guid? CaseId = null,
        bool IsWhole = false
    );

    public IEnumerable<Entry> RowsOf(ViewEvent e) =>
        e.Data is BatchApplied ? [new Entry(e.Event.StreamId)]
        : e.Thread is { } thread && Acts.IsAct(e.Event.EventTypeName) && IsOfAModerator(e, thread)
            ? [new Entry(e.Event.BatchId())]
        : [];

    public Entry Evolve(Entry row, ViewEvent e) =>
        e.Data is BatchApplied done
            ? row with
            {
                Position = e.Position,
                At = e.At,
                ActorId = e.ActorId,
                Kind = done.Kind,
                Reason = done.Reason,
                BoardIds = done.BoardIds,
                MemberIds = done.MemberIds,
                ThreadId = done.ThreadIds is [var thread] ? thread : null,
                PostId = done.PostIds is [var post] ? post : null,
                Posts = done.PostIds.Count,
                Threads = done.ThreadIds.Count,
                UndoneBatchId = done.UndoneBatchId,
                CaseId = done.CaseId,
                IsWhole = true,
            }
        : row.IsWhole ? row
        : row with
        {
            Position = e.Position,
            At = e.At,
            ActorId = e.ActorId,
            Kind = Acts.KindOf(e.Event.EventTypeName),
            Reason = ReasonOf(e.Data),
            BoardIds = [e.Thread!.BoardId],
            MemberIds = [e.Post?.AuthorId ?? e.Thread.StarterId],
            ThreadId = e.Thread.Id,
            PostId = e.Post?.Id,
            Posts = e.Post is null ? 0 : 1,
            Threads = 1,
        };

    private static bool IsOfAModerator(ViewEvent e, ThreadFacts thread) =>
        e.Post is { } post ? post.AuthorId != e.ActorId : e.Data is not ThreadRenamed || e.ActorId != thread.StarterId;

    private static string? ReasonOf(object data) =>
        data switch
        {
            PostEdited e => e.Reason,
            PostRemoved e => e.Reason,
            PostRestored e => e.Reason,
            PostHoldsRestored e => e.Reason,
            ThreadRenamed e => e.Reason,
            ThreadLocked e => e.Reason,
            ThreadUnlocked e => e.Reason,
            ThreadPinned e => e.Reason,
            ThreadUnpinned e => e.Reason,
            ThreadMoved e => e.Reason,
            _ => null,
        };

    /// <summary>A batch in the log.</summary>
    /// <param name="Kind">remove-posts, lock-threads, undo and so on.</param>
    /// <param name="Moderator">The name of who did it.</param>
    /// <param name="ThreadId">The thread, where it is one.</param>
    /// <param name="Title">That thread's title now.</param>
    /// <param name="PostId">The post, where it is one.</param>
    /// <param name="Posts">How many posts it changed.</param>
    /// <param name="Threads">How many threads it changed, or whose posts it changed.</param>
    /// <param name="Members">The names of up to ten members whose posts and threads they are.</param>
    /// <param name="Boards">The names of the boards.</param>
    /// <param name="UndoneBatchId">The batch that it undoes; null for another kind than undo.</param>
    /// <param name="CaseId">The case that it resolved; null for none.</param>
    /// <param name="SuspendedAutomatically">A warning that brought the member's points to a threshold: a suspension came with it.</param>
    /// <param name="IsUndone">Whether it is undone.</param>
    public sealed record LoggedBatch(
        long Position,
        Guid BatchId,
        DateTimeOffset At,
        string Kind,
        Guid ModeratorId,
        string Moderator,
        string? Reason,
        Guid? ThreadId,
        string? Title,
        Guid? PostId,
        int Posts,
        int Threads,
        IReadOnlyList<string> Members,
        IReadOnlyList<string> Boards,
        Guid? UndoneBatchId,
        Guid? CaseId,
        bool SuspendedAutomatically,
        bool IsUndone = false
    );

    /// <summary>
    /// What moderators did, the newest first, for moderators: of several boards, what is in those only that this one
    /// moderates. The next page comes before the last position of this one.
    /// </summary>
    /// <param name="moderator">Only by this member.</param>
    /// <param name="member">Only what was done to posts and threads of this member.</param>
    /// <param name="board">Only in this board.</param>
    /// <param name="kind">Only of this kind.</param>
    /// <param name="from">Only at this time or later.</param>
    /// <param name="to">Only before this time.</param>
    /// <param name="before">Only at lower positions.</param>
    /// <param name="limit">How many batches, from 1 to 500; 50 without it. What lies beyond is taken for the nearest. Of a file there is no such limit: all, without it.</param>
    /// <param name="format">json, the default; jsonl or csv for a file with a batch a line: then all pages come at once. Accept says the same by application/jsonl and text/csv.</param>
    [WolverineGet("/api/moderation/log"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<LoggedBatch>), 200)]
    [ProducesResponseType(typeof(string), 200, "application/jsonl", "text/csv")]
    [ProducesResponseType(403, Description = "Only moderators see what moderators did.")]
    public static async Task<IResult> Get(
        Guid? moderator,
        Guid? member,
        Guid? board,
        string? kind,
        DateTimeOffset? from,
        DateTimeOffset? to,
        long? before,
        int? limit,
        string? format,
        [FromQuery(Name = "min-position")] long? minPosition,
        ModerationLogs logs,
        HttpContext http
    ) =>
        await LogFiles.AnswerAsync<LoggedBatch>(
            "moderation-log",
            format,
            limit,
            (last, size) =>
                logs.ReadAsync(
                    new LogFilter(moderator, member, board, kind, from, to, last?.Position ?? before, size),
                    minPosition,
                    http
                ),
            http
        );
}
