using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Npgsql;

namespace EventForum.Questions.Policies;

/// <summary>A text that a policy would have caught.</summary>
/// <param name="Post">The post's number in its thread.</param>
/// <param name="IsEdit">Whether it is another revision of a post.</param>
/// <param name="Rule">What would have caught it: words, rate or links.</param>
/// <param name="Match">What of it.</param>
/// <param name="RemovedAt">When a moderator removed the post; null where none did, or it was restored.</param>
/// <param name="PostId">The post.</param>
internal sealed record CaughtText(
    DateTimeOffset At,
    Name Member,
    Name Thread,
    int Post,
    bool IsEdit,
    string Rule,
    string Match,
    string Excerpt,
    DateTimeOffset? RemovedAt,
    Name? RemovedBy,
    string? RemovalReason,
    Guid PostId
);

/// <summary>What a policy comes to over some time.</summary>
/// <param name="Texts">What it would have caught, oldest first.</param>
/// <param name="Posts">Posts that were written or edited.</param>
/// <param name="Members">Those who wrote or edited them.</param>
/// <param name="CaughtPosts">Those with a text that was caught.</param>
/// <param name="CaughtMembers">Those who wrote such a text.</param>
/// <param name="Removed">Posts among them all that moderators, not their authors, removed and did not restore.</param>
/// <param name="Agreed">Those of them that the policy caught.</param>
internal sealed record BacktestResult(
    IReadOnlyList<CaughtText> Texts,
    int Posts,
    int Members,
    int CaughtPosts,
    int CaughtMembers,
    int Removed,
    int Agreed
)
{
    /// <summary>The share of the caught posts that moderators removed; null where none was caught or none removed.</summary>
    public double? Precision => CaughtPosts == 0 || Removed == 0 ? null : (double)Agreed / CaughtPosts;

    /// <summary>The share of the posts that moderators removed that are caught; null where none was removed.</summary>
    public double? Recall => Removed == 0 ? null : (double)Agreed / Removed;
}

/// <summary>
/// Runs a policy over the past: each text as it was written, by somebody who had written so much by then. First it learns
/// when everybody wrote, without the texts; then it reads the texts of the time in question.
/// </summary>
internal sealed class Backtest(NpgsqlDataSource database, Policy policy)
{
    private const int ExcerptLength = 100;

    /// <summary>About a post that waits since its author is silenced, which has no reason, nobody has decided yet.</summary>
    private const string Standing = $"""
        select post_id, number, author_id, case when {IsDecided} then removed_at end, removed_by, removal_reason
          from {PostTable.Table}
         where to_version is null and (post_id = any($1) or {IsDecided})
        """;

    private const string IsDecided =
        "(removed_at is not null and removed_by <> author_id and removal_reason is not null)";

    private static readonly EventKind[] Writes =
    [
        .. EventKind.Of(typeof(ThreadStarted), typeof(ReplyPosted), typeof(PostEdited)),
    ];

    private readonly Dictionary<Guid, WriterHistory> writers = [];
    private readonly List<(PostWrite Write, Catch Catch, string Excerpt)> caught = [];
    private readonly HashSet<Guid> posts = [];
    private readonly HashSet<Guid> members = [];

    public async Task<BacktestResult> RunAsync(
        DateTimeOffset? from,
        DateTimeOffset? to,
        QuestionBounds bounds,
        QuestionProgress progress,
        CancellationToken cancellation
    )
    {
        var reader = new EventReader(database);
        await reader.ReadAsync(
            Writes,
            new EventFilter(To: to, Bodies: false),
            (_, e) => Take(Learn, e),
            (position, last) => progress.Reached(position, 2 * last),
            cancellation
        );
        await reader.ReadAsync(
            Writes,
            new EventFilter(from, to),
            (_, e) => Take(Judge, e),
            (position, last) => progress.Reached(last + position, 2 * last),
            cancellation
        );
        bounds.Check();
        return await ResultAsync(cancellation);

        void Take(Action<IEvent> by, IEvent e)
        {
            cancellation.ThrowIfCancellationRequested();
            by(e);
            progress.Folded++;
            bounds.Passed();
        }
    }

    private void Learn(IEvent e)
    {
        if (!writers.TryGetValue(e.ActorId(), out var writer))
        {
            writers.Add(e.ActorId(), writer = new WriterHistory());
        }

        writer.Add(e.Timestamp, e.Sequence, e.Data is PostEdited);
    }

    private void Judge(IEvent e)
    {
        var write = e.Data switch
        {
            ThreadStarted started => Write(started.PostId, $"{started.Title}\n{started.Body}", false),
            ReplyPosted reply => Write(reply.PostId, reply.Body, false),
            PostEdited edit => Write(edit.PostId, edit.Body, true),
            _ => throw new InvalidOperationException($"{e.EventTypeName} writes no post."),
        };
        posts.Add(write.PostId);
        members.Add(write.MemberId);
        // Somebody who wrote for the first time since the first reading is left out.
        if (writers.TryGetValue(write.MemberId, out var writer) && policy.Judge(write, writer) is { } found)
        {
            caught.Add((write with { Text = "" }, found, Excerpt(write.Text, found.Index)));
        }

        PostWrite Write(Guid postId, string text, bool isEdit) =>
            new(e.Sequence, e.StreamId, postId, e.ActorId(), e.Timestamp, text, isEdit);
    }

    /// <summary>From a little before what was caught.</summary>
    private static string Excerpt(string text, int index)
    {
        var start = Math.Max(0, index - ExcerptLength / 3);
        start += start > 0 && char.IsLowSurrogate(text[start]) ? 1 : 0;
        return OneLine.Of(start == 0 ? text : "…" + text[start..], ExcerptLength);
    }

    private async Task<BacktestResult> ResultAsync(CancellationToken cancellation)
    {
        var standing = await StandingAsync(cancellation);
        var removed = standing.Where(post => post.Value.Removal is not null && posts.Contains(post.Key)).ToList();
        var caughtPosts = caught.Select(text => text.Write.PostId).ToHashSet();
        return new BacktestResult(
            [.. caught.OrderBy(text => text.Write.At).ThenBy(text => text.Write.Position).Select(Row)],
            posts.Count,
            members.Count,
            caughtPosts.Count,
            caught.Select(text => text.Write.MemberId).Distinct().Count(),
            removed.Count,
            removed.Count(post => caughtPosts.Contains(post.Key))
        );

        CaughtText Row((PostWrite Write, Catch Catch, string Excerpt) text)
        {
            var (number, removal) = standing.GetValueOrDefault(text.Write.PostId);
            return new CaughtText(
                text.Write.At,
                Name.OfMember(text.Write.MemberId),
                Name.OfThread(text.Write.ThreadId),
                number,
                text.Write.IsEdit,
                text.Catch.Rule,
                OneLine.Of(text.Catch.What, ExcerptLength),
                text.Excerpt,
                removal?.At,
                removal is null ? null : Name.OfMember(removal.By),
                removal?.Reason,
                text.Write.PostId
            );
        }
    }

    /// <summary>The numbers of caught posts, and every removal by a moderator that has not been lifted.</summary>
    private async Task<Dictionary<Guid, (int Number, Hold? Removal)>> StandingAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Standing);
        command.Parameters.AddWithValue(caught.Select(text => text.Write.PostId).Distinct().ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var standing = new Dictionary<Guid, (int, Hold?)>();
        while (await reader.ReadAsync(cancellation))
        {
            var byModerator = !reader.IsDBNull(3) && reader.GetGuid(4) != reader.GetGuid(2);
            standing[reader.GetGuid(0)] = (
                reader.GetInt32(1),
                byModerator
                    ? new Hold(
                        reader.GetGuid(4),
                        reader.GetFieldValue<DateTimeOffset>(3),
                        reader.IsDBNull(5) ? null : reader.GetString(5)
                    )
                    : null
            );
        }

        return standing;
    }
}
