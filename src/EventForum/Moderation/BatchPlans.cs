using EventForum.Access;
using EventForum.Cases;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Marten;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Moderation;

/// <summary>Finds out which posts and threads a batch is about.</summary>
public sealed class BatchPlans(
    NpgsqlDataSource database,
    IDocumentStore store,
    TimeProvider clock,
    IOptionsMonitor<ReportReasons> reasons,
    IOptions<ModerationOptions> options
)
{
    public const int MaxPosts = 10_000;

    public const int MaxThreads = 1_000;

    private const string ThreadsOfPosts = $"""
        select k.post_id, p.thread_id
          from unnest($1) with ordinality as k(post_id, place)
         cross join lateral (select thread_id from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) p
         order by k.place
        """;

    private const string PostsOfMember = $"""
        select p.post_id, now.thread_id
          from (select distinct post_id from {PostTable.Table}
                 where author_id = $1 and {PostTable.FirstRow} and ($2::timestamptz is null or posted_at >= $2)) p
         cross join lateral (select thread_id from {PostTable.Table} where post_id = p.post_id {PostTable.Newest}) now
          join {MartenTables.Documents}forumthread t on t.id = now.thread_id
         where ($3::uuid is null or (t.data ->> 'boardId')::uuid = $3)
           and ($4::uuid[] is null or (t.data ->> 'boardId')::uuid <> all($4))
         limit $5
        """;

    /// <param name="id">The batch's.</param>
    public async Task<CommandPlan> PlanAsync(Guid id, CarryOutBatchRequest request, HttpContext http)
    {
        var (refusal, batch) = await FindAsync(id, request, http);
        return batch is null ? refusal!
            : PlainLine.RefusalOf(request.Reason, "reason", 1, PostRules.MaxReason) is { } flaw ? flaw
            : new CommandPlan(batch);
    }

    internal async Task<(Refusal? Refusal, CarryOutBatch? Batch)> FindAsync(
        Guid id,
        CarryOutBatchRequest request,
        HttpContext http
    )
    {
        var reader = Reader.Of(http);
        if (!reader.IsModerator)
        {
            return (ModerationRefusals.ModeratorsOnly, null);
        }

        if (!Acts.TryFind(request, out var act))
        {
            return (ModerationRefusals.NoSuchKind, null);
        }

        if (act is null)
        {
            return (ModerationRefusals.Incomplete(request.Kind!), null);
        }

        if (request.Title is { } title && PlainLine.RefusalOf(title, "title", 3, 255) is { } flaw)
        {
            return (flaw, null);
        }

        var cancellation = http.RequestAborted;
        var (unresolvable, resolved) = await CaseAsync(request, cancellation);
        if (unresolvable is not null)
        {
            return (unresolvable, null);
        }

        var named = act.Posts.Distinct().ToArray();
        var posts =
            act.ByMember is { } of ? await OfMemberAsync(of, reader, cancellation)
            : named.Length is > 0 and <= MaxPosts ? await WithThreadsAsync(named, cancellation)
            : [];
        var threads = act
            .Threads.Concat(posts.Select(post => post.ThreadId))
            .Concat(act.Move?.WholeThreads ?? [])
            .Concat(act.Move?.ToThread is { } to ? [to] : [])
            .Distinct()
            .ToList();
        if (Math.Max(posts.Count, named.Length) > MaxPosts || threads.Count > MaxThreads)
        {
            return (ModerationRefusals.TooLarge(Math.Max(posts.Count, named.Length), threads.Count), null);
        }

        if (act.ByMember is null && posts.Count < named.Length)
        {
            return (ThreadRefusals.NoSuchPost, null);
        }

        if (threads.Count + act.Members.Count == 0)
        {
            return (ModerationRefusals.NothingToDo, null);
        }

        if (act.Redaction is { } redaction)
        {
            threads = [.. threads.Union(await ThreadsOfAsync(redaction.PostId, cancellation))];
            if (
                (await ThreadRows.RevisionsAsync(database, redaction.PostId, [redaction.Revision], cancellation)).Count
                == 0
            )
            {
                return (ModerationRefusals.NoSuchRevision, null);
            }
        }

        return (
            null,
            new CarryOutBatch(
                id,
                request,
                act,
                posts,
                threads,
                new ActTerms(clock.GetUtcNow(), [.. options.Value.Thresholds]),
                resolved
            )
        );
    }

    private async Task<(Refusal? Refusal, CasePlace? Place)> CaseAsync(
        CarryOutBatchRequest request,
        CancellationToken cancellation
    )
    {
        if (request.CaseId is not { } caseId)
        {
            return default;
        }

        var keys = reasons.CurrentValue.Keys;
        if (request.Rule is { } rule && !keys.Contains(rule, StringComparer.Ordinal))
        {
            return (CaseRefusals.ReasonUnknown(keys), null);
        }

        if (CaseTexts.RefusalOf(request.Explanation, "explanation", 0) is { } flaw)
        {
            return (flaw, null);
        }

        await using var session = store.QuerySession();
        return await session.PlaceOfCaseAsync(caseId, cancellation) is { } place
            ? (null, place)
            : (CaseRefusals.NoSuchCase, null);
    }

    /// <summary>The threads that a post was ever in.</summary>
    private async Task<List<Guid>> ThreadsOfAsync(Guid postId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(RedactedWords.ThreadsOf);
        command.Parameters.AddWithValue(postId);
        var threads = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            threads.Add(rows.GetGuid(0));
        }

        return threads;
    }

    private async Task<List<(Guid PostId, Guid ThreadId)>> WithThreadsAsync(
        Guid[] posts,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(ThreadsOfPosts);
        command.Parameters.AddWithValue(posts);
        return await ReadAsync(command, cancellation);
    }

    private async Task<List<(Guid PostId, Guid ThreadId)>> OfMemberAsync(
        MemberPosts of,
        Reader reader,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(PostsOfMember);
        command.Parameters.AddWithValue(of.MemberId);
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = (object?)of.Since?.ToUniversalTime() ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.TimestampTz,
            }
        );
        command.Parameters.Add(
            new NpgsqlParameter { Value = (object?)of.BoardId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }
        );
        command.Parameters.Add(reader.HiddenBoardsParameter());
        command.Parameters.AddWithValue(MaxPosts + 1);
        return await ReadAsync(command, cancellation);
    }

    private static async Task<List<(Guid PostId, Guid ThreadId)>> ReadAsync(
        NpgsqlCommand command,
        CancellationToken cancellation
    )
    {
        var posts = new List<(Guid, Guid)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            posts.Add((rows.GetGuid(0), rows.GetGuid(1)));
        }

        return posts;
    }
}
