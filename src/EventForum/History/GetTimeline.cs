using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>Reads timelines: one scan of the thread's events by their index, kept in memory for who sees as much until the thread changes, a minute at most.</summary>
public sealed class Timelines : IDisposable
{
    /// <summary>Ends what was being read while a member was erased: sentences name people.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private const string Counts = $"""
        with e as materialized (
            select version, timestamp, type from {MartenTables.Events} e where stream_id = $1 and version <= $2),
        life as (select min(timestamp) as began, max(timestamp) as ended from e)
        select coalesce(least(floor(extract(epoch from e.timestamp - began) * $3
                                    / nullif(extract(epoch from ended - began), 0)), $3 - 1), 0)::int as span,
               type, count(*)::int, min(version), max(version), max(timestamp), began, ended
          from e cross join life
         group by span, type, began, ended
        """;

    /// <summary>A sentence needs no texts of posts, and they are long.</summary>
    private const string Marked = $"""
        select e.position, e.stream_id, e.version, e.timestamp, e.user_name, e.type, e.data - 'body' - 'quotes',
               e.correlation_id, e.causation_id
          from {MartenTables.Events} e
         where e.stream_id = $1 and e.version = any($2)
        """;

    private readonly NpgsqlDataSource database;
    private readonly ThreadHistory history;
    private readonly HistoryEntries entries;
    private readonly KnownEvents known;
    private readonly DearReads reads;

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = 16 * 1024 * 1024 });

    private readonly SharedWork<(Guid, long, string), (Refusal? Refusal, ThreadTimeline? Timeline)> timelines = new();

    public Timelines(
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        ThreadHistory history,
        HistoryEntries entries,
        KnownEvents known,
        DearReads reads,
        CurrentAccessRules rules
    )
    {
        (this.database, this.history, this.entries, this.known, this.reads) = (
            database,
            history,
            entries,
            known,
            reads
        );
        rules.OnForgetting(kept.Clear);
    }

    /// <summary>A refusal when there is no such thread, or too many look at the past already.</summary>
    public async Task<(Refusal? Refusal, ThreadTimeline? Timeline)> ReadAsync(
        Guid threadId,
        Reader reader,
        CancellationToken cancellation
    ) =>
        await history.VersionAsync(threadId, cancellation) is not { } version ? (ThreadRefusals.NoSuchThread, null)
        : kept.TryGetValue<ThreadTimeline>((threadId, version, reader.Scope), out var timeline) ? (null, timeline)
        : await timelines.RunAsync(
            (threadId, version, reader.Scope),
            token => reads.RunAsync(() => ReadAsync(threadId, version, reader, token), token),
            cancellation
        );

    private async Task<ThreadTimeline> ReadAsync(
        Guid threadId,
        long version,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var (from, to, counts) = await CountsAsync(threadId, version, cancellation);
        var marks = MarksOf(counts);
        var sentences = await SentencesAsync(threadId, [.. marks.Select(mark => mark.Version)], reader, cancellation);
        var timeline = new ThreadTimeline(
            threadId,
            version,
            from,
            to,
            BucketsOf(from, to, counts),
            [.. marks.Select(mark => mark with { Sentence = Sentence(mark.Count, sentences[mark.Version]) })]
        );
        var size = 500 + 100 * timeline.Buckets.Count + timeline.Marks.Sum(mark => 150 + 2 * mark.Sentence.Length);
        kept.Set(
            (threadId, version, reader.Scope),
            timeline,
            new MemoryCacheEntryOptions { Size = size, AbsoluteExpirationRelativeToNow = Remembered }
        );
        return timeline;
    }

    public void Dispose() => kept.Dispose();

    /// <summary>The spans in which something happened.</summary>
    public static IReadOnlyList<TimelineBucket> BucketsOf(
        DateTimeOffset from,
        DateTimeOffset to,
        IEnumerable<TimelineCount> counts
    ) =>
        [
            .. counts
                .GroupBy(count => count.Span)
                .OrderBy(span => span.Key)
                .Select(span => new TimelineBucket(
                    from + (to - from) * ((double)span.Key / ThreadTimeline.Spans),
                    from + (to - from) * ((span.Key + 1.0) / ThreadTimeline.Spans),
                    span.Min(count => count.FirstVersion),
                    span.Max(count => count.LastVersion),
                    span.Where(count => count.Kind == "post").Sum(count => count.Count)
                )),
        ];

    /// <summary>What is to be marked, without its sentences: one mark for each kind in a span.</summary>
    public static IReadOnlyList<TimelineMark> MarksOf(IEnumerable<TimelineCount> counts) =>
        [
            .. counts
                .Where(count => count.Kind != "post")
                .GroupBy(count => (count.Span, count.Kind))
                .Select(alike =>
                    (Last: alike.MaxBy(count => count.LastVersion)!, Count: alike.Sum(count => count.Count))
                )
                .Select(mark => new TimelineMark(
                    mark.Last.LastVersion,
                    mark.Last.LastAt,
                    mark.Last.Type,
                    mark.Count,
                    "",
                    mark.Last.Kind
                ))
                .OrderBy(mark => mark.Version),
        ];

    public static string Sentence(int count, string last) =>
        count == 1 ? last : FormattableString.Invariant($"{last}, and {count - 1} more before");

    private async Task<(DateTimeOffset From, DateTimeOffset To, List<TimelineCount> Counts)> CountsAsync(
        Guid threadId,
        long version,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Counts);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(ThreadTimeline.Spans);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var counts = new List<TimelineCount>();
        var (from, to) = (default(DateTimeOffset), default(DateTimeOffset));
        while (await reader.ReadAsync(cancellation))
        {
            var type = reader.GetString(1);
            counts.Add(
                new TimelineCount(
                    reader.GetInt32(0),
                    type,
                    known.Find(type)?.Mark ?? "other",
                    reader.GetInt32(2),
                    reader.GetInt64(3),
                    reader.GetInt64(4),
                    reader.GetFieldValue<DateTimeOffset>(5)
                )
            );
            (from, to) = (reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7));
        }

        return (from, to, counts);
    }

    private async Task<Dictionary<long, string>> SentencesAsync(
        Guid threadId,
        long[] versions,
        Reader reader,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Marked);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(versions);
        var rows = await EventRow.ReadAsync(command, "forum_thread", cancellation);
        var told = await entries.OfAsync(rows, reader, cancellation);
        return told.ToDictionary(entry => entry.Version, entry => entry.Sentence);
    }
}

public static class GetTimelineEndpoint
{
    /// <summary>
    /// A thread's life as a chart shows it: how many posts were written when, and what else happened. Read a moment of
    /// it with <c>GET /api/threads/{threadId}?version=</c>.
    /// </summary>
    [
        WolverineGet("/api/threads/{threadId}/timeline"),
        AllowAnonymous,
        DearRead(TakesTurnsItself = true),
        ProducesResponseType(typeof(ThreadTimeline), 200)
    ]
    public static async Task<IResult> Get(Guid threadId, Timelines timelines, HttpContext http)
    {
        var (refusal, timeline) = await timelines.ReadAsync(threadId, Reader.Of(http), http.RequestAborted);
        return refusal is not null ? new Problem(refusal) : new Tagged<ThreadTimeline>(timeline!);
    }
}
