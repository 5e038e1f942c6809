using System.Runtime.CompilerServices;
using EventForum.Access;
using EventForum.Cases;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Views.Framework;

/// <summary>
/// Looks up what <see cref="ViewEvent"/> says of threads, posts and cases, in a query each for a page of events. Views that take in
/// the same page share it.
/// </summary>
internal static class ViewFacts
{
    private const string Threads = $"""
        select stream_id, coalesce((data ->> 'starterId')::uuid, user_name::uuid),
               coalesce((data ->> 'startedAt')::timestamptz, timestamp)
          from {MartenTables.Events} e where stream_id = any($1) and version = 1
        """;

    private const string Posts = $"""
        select p.post_id, p.thread_id, h.board_id, p.number, p.author_id, p.posted_at, coalesce(p.masked_length, char_length(p.body))
          from unnest($1) as k(post_id)
         cross join lateral (select * from {PostTable.Table} where post_id = k.post_id
                              order by revision, position limit 1) p
         cross join lateral (
                select board_id from {HeaderTable.Table}
                 where thread_id = p.thread_id and from_version <= p.from_version
                 order by from_version desc limit 1) h
        """;

    private const string CaseThreads = $"""
        select k.position, p.thread_id
          from unnest($1, $2) as k(case_id, position)
          join {MartenTables.Documents}case c on c.id = k.case_id
         cross join lateral (select thread_id from {PostTable.Table}
                              where post_id = c.post_id and position <= k.position
                              order by position desc limit 1) p
        """;

    private static readonly ConditionalWeakTable<object, Task<ViewEvent[]>> Pages = [];

    private static readonly Dictionary<Type, EventDescription> Descriptions = ThreadEventDescriptions.All.ToDictionary(
        description => description.EventType
    );

    private static readonly HashSet<Type> OfCases =
    [
        .. CaseEventDescriptions.All.Select(description => description.EventType),
    ];

    /// <param name="page">Events in their order.</param>
    public static async Task<ViewEvent[]> OfAsync(
        IQuerySession session,
        IReadOnlyList<IEvent> page,
        CancellationToken cancellation
    )
    {
        var reading = new TaskCompletionSource<ViewEvent[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Pages.GetValue(page, _ => reading.Task);
        if (first != reading.Task)
        {
            await ((Task)first).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Another view's reading ends with that view; this one reads for itself then.
            return first.IsCompletedSuccessfully ? first.Result : await ReadAsync(session, page, cancellation);
        }

        try
        {
            reading.SetResult(await ReadAsync(session, page, cancellation));
        }
        catch (Exception e)
        {
            reading.SetException(e);
        }

        return await reading.Task;
    }

    private static async Task<ViewEvent[]> ReadAsync(
        IQuerySession session,
        IReadOnlyList<IEvent> page,
        CancellationToken cancellation
    )
    {
        var threads = new Dictionary<Guid, ThreadFacts>();
        var posts = new Dictionary<Guid, PostFacts>();
        foreach (var e in page)
        {
            Know(e, threads);
        }

        var (wantedThreads, wantedPosts) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var e in page)
        {
            if (Descriptions.TryGetValue(e.Data.GetType(), out var description))
            {
                wantedThreads.Add(e.StreamId);
                wantedPosts.UnionWith(description.QuotedPostsOf(e.Data));
                if (description.PostOf(e.Data) is { } post)
                {
                    wantedPosts.Add(post);
                }
            }
        }

        wantedThreads.ExceptWith(threads.Keys);
        var boards = await ThreadBoards.ReadAsync(
            session,
            [.. wantedThreads.Union(page.Where(e => e.Data is ThreadMoved).Select(e => e.StreamId))],
            cancellation
        );
        await foreach (var row in RowsAsync(session, Threads, wantedThreads, cancellation))
        {
            var id = row.GetGuid(0);
            threads[id] = new ThreadFacts(
                id,
                boards.At(id, 1) ?? Guid.Empty,
                row.GetGuid(1),
                row.GetFieldValue<DateTimeOffset>(2)
            );
        }

        foreach (var e in page)
        {
            Know(e, ThreadOf(e), posts);
        }

        wantedPosts.ExceptWith(posts.Keys);
        await foreach (var row in RowsAsync(session, Posts, wantedPosts, cancellation))
        {
            posts[row.GetGuid(0)] = new PostFacts(
                row.GetGuid(0),
                row.GetGuid(1),
                row.GetGuid(2),
                row.GetInt32(3),
                row.GetGuid(4),
                row.GetFieldValue<DateTimeOffset>(5),
                row.GetInt32(6)
            );
        }

        var caseThreads = await CaseThreadsAsync(session, page, cancellation);
        var events = new ViewEvent[page.Count];
        for (var i = 0; i < events.Length; i++)
        {
            var e = page[i];
            events[i] = Descriptions.TryGetValue(e.Data.GetType(), out var description)
                ? new ViewEvent(
                    e,
                    ThreadOf(e),
                    description.PostOf(e.Data) is { } post ? posts.GetValueOrDefault(post) : null,
                    [.. description.QuotedPostsOf(e.Data).Select(posts.GetValueOrDefault).OfType<PostFacts>()]
                )
                : new ViewEvent(e, null, null, [])
                {
                    CaseThreadId = caseThreads.TryGetValue(e.Sequence, out var thread) ? thread : null,
                };
        }

        return events;

        ThreadFacts? ThreadOf(IEvent e) =>
            threads.GetValueOrDefault(e.StreamId) is not { } thread ? null
            : boards.At(e.StreamId, e.Version) is { } board && board != thread.BoardId ? thread with { BoardId = board }
            : thread;
    }

    /// <summary>Characters as PostgreSQL counts them.</summary>
    public static int BodyLengthOf(IEvent e)
    {
        if (e.GetHeader(ViewEvents.BodyLength) is int length)
        {
            return length;
        }

        if (PostEvents.MaskOf(e.Data) is { } mask)
        {
            return mask.Length;
        }

        var body = e.Data switch
        {
            ThreadStarted started => started.Body,
            ReplyPosted reply => reply.Body,
            PostEdited edited => edited.Body,
            _ => null,
        };
        var text = body.AsSpan();
        return text.ContainsAnyInRange('\uDC00', '\uDFFF') ? body!.Count(c => !char.IsLowSurrogate(c)) : text.Length;
    }

    /// <summary>What an event itself says for good of its thread.</summary>
    private static void Know(IEvent e, Dictionary<Guid, ThreadFacts> threads)
    {
        if (e.Data is ThreadStarted started)
        {
            threads[e.StreamId] = new ThreadFacts(e.StreamId, started.BoardId, e.ActorId(), e.Timestamp);
        }

        if (e.Data is ThreadSplitOff split)
        {
            threads[e.StreamId] = new ThreadFacts(e.StreamId, split.BoardId, split.StarterId, split.StartedAt);
        }
    }

    /// <summary>What it says of its post, once its thread is known.</summary>
    private static void Know(IEvent e, ThreadFacts? thread, Dictionary<Guid, PostFacts> posts)
    {
        if (
            e.Data switch
            {
                ThreadStarted started => (Id: started.PostId, Number: 1),
                ReplyPosted reply => (Id: reply.PostId, reply.Number),
                _ => default,
            }
                is { Number: > 0 } post
            && thread is not null
        )
        {
            posts[post.Id] = new PostFacts(
                post.Id,
                e.StreamId,
                thread.BoardId,
                post.Number,
                e.ActorId(),
                e.Timestamp,
                BodyLengthOf(e)
            );
        }
    }

    /// <summary>Where posts of cases were, by the positions of the cases' events.</summary>
    private static async Task<Dictionary<long, Guid>> CaseThreadsAsync(
        IQuerySession session,
        IReadOnlyList<IEvent> page,
        CancellationToken cancellation
    )
    {
        var ofCases = page.Where(e => OfCases.Contains(e.Data.GetType())).ToList();
        var threads = new Dictionary<long, Guid>(ofCases.Count);
        if (ofCases.Count > 0)
        {
            await using var command = new NpgsqlCommand(CaseThreads);
            command.Parameters.AddWithValue(ofCases.ConvertAll(e => e.StreamId));
            command.Parameters.AddWithValue(ofCases.ConvertAll(e => e.Sequence));
            await using var rows = await session.ExecuteReaderAsync(command, cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                threads[rows.GetInt64(0)] = rows.GetGuid(1);
            }
        }

        return threads;
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(
        IQuerySession session,
        string sql,
        HashSet<Guid> ids,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (ids.Count == 0)
        {
            yield break;
        }

        await using var command = new NpgsqlCommand(sql);
        command.Parameters.AddWithValue(ids.ToArray());
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return (NpgsqlDataReader)reader;
        }
    }
}
