using EventForum.Access;
using EventForum.History;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Views.Framework;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Audit;

/// <summary>
/// Reads stories, a page by position. A page costs what it shows: its positions are a range of <see cref="StoryIndex"/>'s key,
/// and with a filter it looks at no more than <see cref="Bounds.FilteredEventsOfThread"/> of them.
/// </summary>
public sealed class Stories(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    ViewQueries views,
    HistoryEntries entries,
    KnownEvents known
)
{
    public const int MaxLimit = 500;

    /// <summary>Cases of a post are told with it, except to its author, for whom there is none.</summary>
    private const string Cases = $"""
        select id from {MartenTables.Documents}case where post_id = $1 and author_id is distinct from $2
        """;

    private const string Titles = $"""
        select id, data ->> 'title' from {MartenTables.Documents}forumthread where id = any($1)
        """;

    /// <summary>The story that this reader asks for.</summary>
    /// <param name="after">A position: the page begins behind it.</param>
    /// <param name="minPosition">Waits until the story goes up to this position.</param>
    public async Task<(Refusal? Refusal, StoryPage? Page)> ReadAsync(
        StorySubject subject,
        long after,
        int limit,
        StoryFilter filter,
        Reader reader,
        long? minPosition,
        CancellationToken cancellation
    )
    {
        var (refusal, table) = await views.TableAsync<StoryIndex>(minPosition, cancellation, QuoteGraph.ProjectionName);
        if (table is null)
        {
            return (refusal, null);
        }

        Guid[] things =
            subject.Kind == "post" ? [subject.Id, .. await CasesAsync(subject.Id, reader, cancellation)] : [subject.Id];
        var isFiltered = !filter.IsNone || !reader.ModeratesAllBoards;
        var window = isFiltered ? Bounds.FilteredEventsOfThread : limit + 1;
        var candidates = Candidates(table);
        var (end, isWindowFull) = await WindowAsync();
        var (rows, isFull) = await EventSlices.ReadAsync(Slice, limit, null, cancellation);
        long? next =
            isFull && rows[^1].Position < end ? rows[^1].Position
            : isWindowFull ? end
            : null;
        var told = await entries.OfAsync(
            rows,
            reader,
            cancellation,
            subject.Kind == "post" ? subject.Id : null,
            withoutReason: true
        );
        var titles = await TitlesAsync(told, cancellation);
        return (
            null,
            // Who did something to a post that has moved to where this reader sees nothing is gone with it.
            new StoryPage(
                subject,
                [.. told.Where(e => e.Actor is not null || IsConfidential(e)).Select(e => Entry(e, titles))],
                next
            )
        );

        async Task<(long End, bool IsFull)> WindowAsync()
        {
            await using var command = database.CreateCommand(
                $"select coalesce(max(position), $2), count(*) from ({candidates}) c"
            );
            AddCandidates(command, after);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            return (row.GetInt64(0), row.GetInt64(1) == window);
        }

        NpgsqlCommand Slice(EventRow? last, int count)
        {
            var command = database.CreateCommand(Page(candidates));
            AddCandidates(command, last?.Position ?? after);
            command.Parameters.AddWithValue(end);
            command.Parameters.AddWithValue(known.HiddenFrom(reader));
            command.Parameters.Add(Value(filter.Types, NpgsqlDbType.Array | NpgsqlDbType.Text));
            command.Parameters.Add(Value(filter.Actor, NpgsqlDbType.Text));
            command.Parameters.Add(Value(filter.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz));
            command.Parameters.Add(Value(filter.To?.ToUniversalTime(), NpgsqlDbType.TimestampTz));
            command.Parameters.Add(reader.HiddenBoardsParameter());
            command.Parameters.Add(Value(reader.MemberId, NpgsqlDbType.Uuid));
            command.Parameters.AddWithValue(count);
            command.Parameters.AddWithValue(known.Confidential);
            return command;
        }

        void AddCandidates(NpgsqlCommand command, long from)
        {
            command.Parameters.AddWithValue(things);
            command.Parameters.AddWithValue(from);
            command.Parameters.AddWithValue(window);
            command.Parameters.Add(Value(subject.Kind == "post" ? subject.Id : (Guid?)null, NpgsqlDbType.Uuid));
        }
    }

    /// <summary>The next positions of what the things are about; of a post also those at which others came to quote it.</summary>
    private static string Candidates(string table) =>
        $"""
            select p.position from unnest($1) t(thing)
              cross join lateral (select s.position from {table} s
                                   where s.thing = t.thing and s.position > $2 order by s.position limit $3) p
             union
            select q.position from (select position from {QuoteGraph.Table}
                                     where source_post_id = $4 and position > $2 order by position limit $3) q
             order by position limit $3
            """;

    private static string Page(string candidates) =>
        $"""
            select {EventRow.Columns}, s.type
              from ({candidates}) c
              join {MartenTables.Events} e on e.position = c.position
              join {MartenTables.Streams} s on s.id = e.stream_id
             where c.position <= $5 and e.type <> 'tombstone' and e.type <> all($6) and ($7 is null or e.type = any($7))
               and ($8 is null or (e.user_name = $8 and e.type <> all($14)))
               and ($9 is null or e.timestamp >= $9) and ($10 is null or e.timestamp < $10)
               and ($11 is null
                    or coalesce((select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread where id = e.stream_id),
                                e.stream_id) <> all($11))
               and not exists (select from {MartenTables.Documents}case k where k.id = e.stream_id and k.author_id = $12)
             order by e.position limit $13
            """;

    private async Task<List<Guid>> CasesAsync(Guid postId, Reader reader, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Cases);
        command.Parameters.AddWithValue(postId);
        command.Parameters.Add(Value(reader.MemberId, NpgsqlDbType.Uuid));
        var ids = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            ids.Add(rows.GetGuid(0));
        }

        return ids;
    }

    private async Task<Dictionary<Guid, string>> TitlesAsync(
        IReadOnlyList<HistoryEntry> told,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Titles);
        command.Parameters.AddWithValue(
            told.Where(e => e.Stream == "thread").Select(e => e.StreamId).Distinct().ToArray()
        );
        var titles = new Dictionary<Guid, string>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            titles[rows.GetGuid(0)] = rows.GetString(1);
        }

        return titles;
    }

    private static StoryEntry Entry(HistoryEntry e, Dictionary<Guid, string> titles) =>
        new(
            e.Position,
            e.At,
            e.Type,
            e.Stream,
            e.StreamId,
            e.Version,
            e.Actor,
            e.Sentence,
            e.Withheld ? null : Reason(e),
            BatchOf(e),
            titles.TryGetValue(e.StreamId, out var title) ? new StoryThread(e.StreamId, title) : null,
            e.Post,
            e.Stream == "case" ? e.StreamId
                : Guid.TryParse(e.Data?["caseId"]?.ToString(), out var resolved) ? resolved
                : null,
            e.Data,
            e.Withheld
        );

    private static string? Reason(HistoryEntry e) =>
        (e.Data?["reason"] ?? e.Data?["explanation"] ?? e.Data?["message"])?.ToString();

    /// <summary>What somebody does to a post of their own is no act of moderation.</summary>
    private static Guid? BatchOf(HistoryEntry e) =>
        e.Stream == "batch" ? e.StreamId
        : Acts.EventTypes.Contains(e.Type, StringComparer.Ordinal)
        && (e.Post is null || e.Post.Author.Id != e.Actor?.Id)
        && Guid.TryParse(e.CausationId, out var batch)
            ? batch
        : null;

    private bool IsConfidential(HistoryEntry e) => known.Confidential.Contains(e.Type, StringComparer.Ordinal);

    private static NpgsqlParameter Value(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
