using System.Collections.Frozen;
using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Erasure;

/// <summary>
/// Makes the texts of posts, headers and aggregates anew of events that have been changed, in the same transaction, by the folds
/// that made them. Nothing else of a row can have changed.
/// </summary>
internal sealed class ErasedRows(IDocumentSession session, NpgsqlConnection connection)
{
    /// <summary>Posts whose events are in memory together.</summary>
    private const int AtOnce = 500;

    private static readonly FrozenDictionary<string, Type> Types = ThreadEventDescriptions.All.ToFrozenDictionary(
        description => description.Name,
        description => description.EventType,
        StringComparer.Ordinal
    );

    private const string ThreadsOf = $"select distinct thread_id from {PostTable.Table} where post_id = any($1)";

    private static readonly string PostEvents = Events(
        $"""
        e.stream_id in ({ThreadsOf})
           and (e.data ->> 'postId' = any($2) or e.type in ('posts_moved_in', 'posts_moved_out'))
        """
    );

    private static readonly string HeaderEvents = Events(
        "e.stream_id = any($1) and e.type not in ('reply_posted', 'post_edited')"
    );

    private const string UpdatePosts = $"""
        update {PostTable.Table} p
           set body = n.body, edit_reason = n.edit_reason, removal_reason = n.removal_reason,
               author_removal_reason = n.author_removal_reason, masked = n.masked, masked_length = n.masked_length
          from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
               n(thread_id, number, from_version, body, edit_reason, removal_reason, author_removal_reason, masked, masked_length)
         where (p.thread_id, p.number, p.from_version) = (n.thread_id, n.number, n.from_version)
           and (p.body, p.edit_reason, p.removal_reason, p.author_removal_reason)
               is distinct from (n.body, n.edit_reason, n.removal_reason, n.author_removal_reason)
        """;

    private const string UpdateHeaders = $"""
        update {HeaderTable.Table} h set title = n.title, lock_reason = n.lock_reason
          from unnest($1, $2, $3, $4) n(thread_id, from_version, title, lock_reason)
         where (h.thread_id, h.from_version) = (n.thread_id, n.from_version)
           and (h.title, h.lock_reason) is distinct from (n.title, n.lock_reason)
        """;

    private const string UpdateThreads = $"""
        update {MartenTables.Documents}forumthread d
           set data = d.data || jsonb_build_object('title', h.title, 'lockReason', h.lock_reason)
          from unnest($1) t(thread_id)
         cross join lateral (
                select * from {HeaderTable.Table} where thread_id = t.thread_id order by from_version desc limit 1) h
         where d.id = t.thread_id
        """;

    private const string ThreadStreams =
        $"select id from {MartenTables.Documents}forumthread where id = any($1) order by id";

    /// <summary>Everything that is stored with events; the answer is the threads whose words are others now.</summary>
    public async Task<IReadOnlyList<Guid>> MakeAsync(IReadOnlyList<ErasedEvent> erased, CancellationToken cancellation)
    {
        var changed = erased.Where(one => one.HasLostData).ToList();
        var posts = changed.Select(one => one.PostId).OfType<Guid>().Distinct().ToList();
        var streams = changed.Select(one => one.Event.StreamId).Distinct().ToArray();
        var threads = new List<Guid>();
        await using (var find = Command(ThreadStreams, [streams]))
        await using (var found = await find.ExecuteReaderAsync(cancellation))
        {
            while (await found.ReadAsync(cancellation))
            {
                threads.Add(found.GetGuid(0));
            }
        }

        await MakePostsAsync(posts, cancellation);
        await MakeHeadersAsync(threads, cancellation);
        await MakeAggregatesAsync([.. streams.Except(threads)], cancellation);
        return await ThreadsAsync(posts, threads, cancellation);
    }

    /// <summary>Every thread that one of these posts was ever in, and others that events stand in.</summary>
    private async Task<IReadOnlyList<Guid>> ThreadsAsync(
        IReadOnlyCollection<Guid> posts,
        IEnumerable<Guid> threads,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(ThreadsOf, connection);
        command.Parameters.AddWithValue(posts.ToArray());
        var found = threads.ToHashSet();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(rows.GetGuid(0));
        }

        return [.. found.Order()];
    }

    private async Task MakePostsAsync(IReadOnlyCollection<Guid> posts, CancellationToken cancellation)
    {
        foreach (var some in posts.Chunk(AtOnce))
        {
            var events = await ReadAsync(PostEvents, cancellation, some, some.Select(post => $"{post}").ToArray());
            var wanted = some.ToHashSet();
            var rows = PostTableRows.Of([], events).Made.Select(made => made.Row);
            await UpdateAsync([.. rows.Where(row => wanted.Contains(row.PostId))], cancellation);
        }

        // What is being stored is waited for; what is stored afterwards finds the posts without words.
        await ExecuteAsync($"lock table {RenderedTextTable.Table} in exclusive mode", cancellation);
        await ExecuteAsync(
            $"delete from {RenderedTextTable.Table} where post_id = any($1)",
            cancellation,
            posts.ToArray()
        );
    }

    private async Task MakeHeadersAsync(IReadOnlyCollection<Guid> threads, CancellationToken cancellation)
    {
        foreach (var some in threads.Chunk(AtOnce))
        {
            var headers = new Dictionary<Guid, ThreadHeader>();
            var rows = new List<(Guid ThreadId, long FromVersion, ThreadHeader Header)>();
            foreach (
                var e in (await ReadAsync(HeaderEvents, cancellation, (object)some)).Where(ThreadHeader.IsChangedBy)
            )
            {
                if (ThreadHeader.Fold(headers.GetValueOrDefault(e.StreamId), e) is { } header)
                {
                    rows.Add((e.StreamId, e.Version, headers[e.StreamId] = header));
                }
            }

            await ExecuteAsync(
                UpdateHeaders,
                cancellation,
                rows.Select(row => row.ThreadId).ToArray(),
                rows.Select(row => row.FromVersion).ToArray(),
                rows.Select(row => row.Header.Title).ToArray(),
                rows.Select(row => row.Header.LockReason).ToArray()
            );
            await ExecuteAsync(UpdateThreads, cancellation, (object)some);
        }
    }

    /// <summary>Of streams that are neither.</summary>
    private async Task MakeAggregatesAsync(IReadOnlyCollection<Guid> streams, CancellationToken cancellation)
    {
        foreach (var stream in streams)
        {
            await MakeAsync<Member>(stream, cancellation);
            await MakeAsync<Board>(stream, cancellation);
        }
    }

    private static string Events(string where) =>
        $"""
            select e.type, e.data, e.id, e.stream_id, e.version, e.timestamp, e.user_name, e.position
              from {MartenTables.Events} e where {where} order by e.position
            """;

    /// <summary>An aggregate is written in full when its next event is appended: its other columns follow then.</summary>
    private async Task MakeAsync<T>(Guid stream, CancellationToken cancellation)
        where T : class
    {
        if (await session.LoadAsync<T>(stream, cancellation) is null)
        {
            return;
        }

        var made = await session.Events.AggregateStreamAsync<T>(stream, token: cancellation);
        await ExecuteAsync(
            $"update {MartenTables.Documents}{typeof(T).Name.ToLowerInvariant()} set data = $1::jsonb where id = $2",
            cancellation,
            session.DocumentStore.Options.Serializer().ToJson(made),
            stream
        );
        session.EjectAllOfType(typeof(T));
    }

    private async Task<IReadOnlyList<IEvent>> ReadAsync(
        string sql,
        CancellationToken cancellation,
        params object[] parameters
    )
    {
        var store = (DocumentStore)session.DocumentStore;
        await using var command = Command(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var events = new List<IEvent>();
        while (await rows.ReadAsync(cancellation))
        {
            var e = store.Events.BuildEvent(store.Options.Serializer().FromJson(Types[rows.GetString(0)], rows, 1));
            e.Id = rows.GetGuid(2);
            e.StreamId = rows.GetGuid(3);
            e.Version = rows.GetInt64(4);
            e.Timestamp = rows.GetFieldValue<DateTimeOffset>(5);
            e.UserName = rows.GetString(6);
            e.Sequence = rows.GetInt64(7);
            events.Add(e);
        }

        return events;
    }

    private Task UpdateAsync(IReadOnlyList<PostRow> rows, CancellationToken cancellation) =>
        ExecuteAsync(
            UpdatePosts,
            cancellation,
            rows.Select(row => row.ThreadId).ToArray(),
            rows.Select(row => row.Number).ToArray(),
            rows.Select(row => row.FromVersion).ToArray(),
            rows.Select(row => row.Body).ToArray(),
            rows.Select(row => row.EditReason).ToArray(),
            rows.Select(row => row.RemovalReason).ToArray(),
            rows.Select(row => row.Behind?.Reason).ToArray(),
            rows.Select(row => row.Mask is { } mask ? PostTable.Text(mask.Why) : null).ToArray(),
            rows.Select(row => row.Mask?.Length).ToArray()
        );

    private async Task ExecuteAsync(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        return command;
    }
}
