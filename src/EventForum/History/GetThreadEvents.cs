using System.Globalization;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>What happened in a thread, in order.</summary>
/// <param name="Version">The number of events in the thread's history.</param>
/// <param name="Next">Pass it as <c>after</c> to go on; null at the end. A page of long texts is short; with a filter one may be short, even empty, before that.</param>
public sealed record ThreadHistoryPage(Guid ThreadId, long Version, IReadOnlyList<HistoryEntry> Events, long? Next);

/// <summary>Which of a thread's events a reader wants.</summary>
/// <param name="Actor">A member's id as events hold it.</param>
internal sealed record HistoryFilter(string[]? Types = null, string? Actor = null, Guid? Post = null)
{
    public bool IsNone => Types is null && Actor is null;
}

/// <summary>Reads a thread's events by their versions: a page costs the same in a thread of any length.</summary>
public sealed class ThreadHistory(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    HistoryEntries entries,
    KnownEvents known
)
{
    public const int MaxLimit = 500;

    private const string Page = $"""
        select {EventRow.Columns} from {MartenTables.Events} e
         where e.stream_id = $1 and e.version > $2 and e.version <= $3
           and ($4::text[] is null or e.type = any($4)) and ($5::text is null or e.user_name = $5)
         order by e.version limit $6
        """;

    /// <summary>For sentences, which need no texts of posts.</summary>
    private static readonly string PageWithoutTexts = Page.Replace(
        "e.data,",
        "e.data - 'body',",
        StringComparison.Ordinal
    );

    /// <summary>A post's rows name the versions of what happened to it.</summary>
    private const string PageOfPost = $"""
        select {EventRow.Columns} from {MartenTables.Events} e
         where e.stream_id = $1 and e.version > $2 and e.version <= $3
           and ($4::text[] is null or e.type = any($4)) and ($5::text is null or e.user_name = $5)
           and e.version = any(array(select from_version from {PostTable.Table} where post_id = $7 and thread_id = $1))
         order by e.version limit $6
        """;

    /// <summary>The thread's version; null when there is no such thread.</summary>
    public async Task<long?> VersionAsync(Guid threadId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select version from {MartenTables.Streams} where id = $1 and type = 'forum_thread'"
        );
        command.Parameters.AddWithValue(threadId);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <param name="withTexts">Without them a page has as many events as are wanted; their data lacks the bodies.</param>
    internal async Task<ThreadHistoryPage?> ReadAsync(
        Guid threadId,
        long after,
        int limit,
        HistoryFilter filter,
        Reader reader,
        CancellationToken cancellation,
        bool withTexts = true
    )
    {
        if (await VersionAsync(threadId, cancellation) is not { } version)
        {
            return null;
        }

        after = Math.Clamp(after, 0, version);
        var end =
            filter.IsNone || filter.Post is not null
                ? version
                : Math.Min(version, after + Bounds.FilteredEventsOfThread);
        var (rows, isFull) = await EventSlices.ReadAsync(Slice, limit, "forum_thread", cancellation);
        var last = isFull ? rows[^1].Version : end;
        return new ThreadHistoryPage(
            threadId,
            version,
            await entries.OfAsync(rows, reader, cancellation),
            last < version ? last : null
        );

        NpgsqlCommand Slice(EventRow? before, int count)
        {
            var command = database.CreateCommand(
                filter.Post is not null ? PageOfPost
                : withTexts ? Page
                : PageWithoutTexts
            );
            command.Parameters.AddWithValue(threadId);
            command.Parameters.AddWithValue(before?.Version ?? after);
            command.Parameters.AddWithValue(end);
            command.Parameters.Add(Text(filter.Types, NpgsqlDbType.Array | NpgsqlDbType.Text));
            command.Parameters.Add(Text(filter.Actor, NpgsqlDbType.Text));
            command.Parameters.AddWithValue(count);
            if (filter.Post is { } post)
            {
                command.Parameters.AddWithValue(post);
            }

            return command;
        }
    }

    internal static NpgsqlParameter Text(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>The filter that a query's words mean.</summary>
    internal async Task<(Refusal? Refusal, HistoryFilter Filter)> FilterAsync(
        Guid threadId,
        string? types,
        string? actor,
        string? post,
        CancellationToken cancellation
    )
    {
        var (refusal, wanted) = known.TypesIn(types);
        if (refusal is not null)
        {
            return (refusal, new HistoryFilter());
        }

        Guid? actorId = null;
        if (!string.IsNullOrEmpty(actor))
        {
            actorId = Guid.TryParse(actor, out var id)
                ? id
                : await FindAsync(
                    $"select id from {MartenTables.Documents}member where name_key = $1",
                    [MemberName.Key(actor)],
                    cancellation
                );
            if (actorId is null)
            {
                return (MemberName.NoSuchMember, new HistoryFilter());
            }
        }

        Guid? postId = null;
        if (!string.IsNullOrEmpty(post))
        {
            postId =
                Guid.TryParse(post, out var id)
                    ? await FindAsync(
                        $"select post_id from {PostTable.Table} where post_id = $1 and thread_id = $2 limit 1",
                        [id, threadId],
                        cancellation
                    )
                : int.TryParse(post, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? await FindAsync(
                        $"select post_id from {PostTable.Table} where thread_id = $1 and number = $2 order by from_version desc limit 1",
                        [threadId, number],
                        cancellation
                    )
                : null;
            if (postId is null)
            {
                return (ThreadRefusals.NoSuchPost, new HistoryFilter());
            }
        }

        return (null, new HistoryFilter(wanted, actorId?.ToString(), postId));
    }

    private async Task<Guid?> FindAsync(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }
}

public static class GetThreadEventsEndpoint
{
    /// <summary>
    /// A thread's history. <c>types</c> takes event types separated by commas, <c>actor</c> a member's name or id,
    /// <c>post</c> a post's number or id.
    /// </summary>
    /// <param name="after">A version: the <c>next</c> of the page before. Without it, the thread's first event comes first.</param>
    /// <param name="limit">How many events, from 1 to 500; 100 without it. What lies beyond is taken for the nearest.</param>
    /// <param name="types">Types of events, separated by commas; all without it. There are post_edited, post_held, post_holds_restored, post_removed, post_restored, posts_moved_in, posts_moved_out, reasons_expired, reply_posted, revision_redacted, thread_locked, thread_moved, thread_pinned, thread_renamed, thread_split_off, thread_started, thread_unlocked, thread_unpinned and words_erased.</param>
    /// <param name="actor">Only what this member did: its name, whatever its case, or its id.</param>
    /// <param name="post">Only what happened to this post: its number in the thread, or its id.</param>
    [
        WolverineGet("/api/threads/{threadId}/events"),
        AllowAnonymous,
        DearRead,
        ProducesResponseType(typeof(ThreadHistoryPage), 200)
    ]
    [ProducesResponseType(422, Description = "There is no such type of event.")]
    public static async Task<IResult> Get(
        Guid threadId,
        long? after,
        int? limit,
        string? types,
        string? actor,
        string? post,
        ThreadHistory history,
        Readers readers,
        HttpContext http
    )
    {
        if (await history.VersionAsync(threadId, http.RequestAborted) is null)
        {
            return new Problem(ThreadRefusals.NoSuchThread);
        }

        var (refusal, filter) = await history.FilterAsync(threadId, types, actor, post, http.RequestAborted);
        if (refusal is not null)
        {
            return new Problem(refusal);
        }

        var page = await history.ReadAsync(
            threadId,
            after ?? 0,
            Math.Clamp(limit ?? 100, 1, ThreadHistory.MaxLimit),
            filter,
            await readers.OfAsync(http),
            http.RequestAborted
        );
        return page is null ? new Problem(ThreadRefusals.NoSuchThread) : new Tagged<ThreadHistoryPage>(page);
    }
}
