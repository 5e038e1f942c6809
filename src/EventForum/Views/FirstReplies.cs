using System.ComponentModel.DataAnnotations;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>How long threads wait for the first reply by somebody else. A reply that was removed later counts.</summary>
public sealed class FirstReplies : IView<FirstReplies.Wait>, IViewPage
{
    public string Name => "first-replies";

    public int Version => 1;

    public string Summary => "How long threads wait for their first reply, by board and hour.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["started_at"],
        ];

    public sealed record Wait(
        [property: Key] Guid ThreadId,
        Guid BoardId = default,
        DateTimeOffset StartedAt = default,
        DateTimeOffset? RepliedAt = null
    );

    public IEnumerable<Wait> RowsOf(ViewEvent e) =>
        e is { Thread: { } thread, Data: ThreadStarted or ReplyPosted } ? [new Wait(thread.Id)] : [];

    /// <summary>A thread that was split off another one waits for no first reply, and has no row.</summary>
    public Wait? Evolve(Wait row, ViewEvent e) =>
        e.Data switch
        {
            ThreadStarted => row with { BoardId = e.Thread!.BoardId, StartedAt = e.At },
            _ when row.StartedAt == default => null,
            ReplyPosted when row.RepliedAt is null && e.ActorId != e.Thread!.StarterId => row with { RepliedAt = e.At },
            _ => row,
        };

    /// <summary>Threads that were started in a board in the same hour of the day.</summary>
    /// <param name="Hour">0-23, UTC.</param>
    /// <param name="Replied">How many of them have a reply by somebody else.</param>
    /// <param name="MedianSeconds">Half of these waited no longer; null where there is none.</param>
    /// <param name="SlowestTenthSeconds">A tenth of these waited longer; null where there is none.</param>
    public sealed record HourOfBoard(
        Guid BoardId,
        string Board,
        int Hour,
        int Threads,
        int Replied,
        double? MedianSeconds,
        double? SlowestTenthSeconds
    );

    /// <summary>How long threads waited for a reply by somebody else, by board and by the hour in which they were started.</summary>
    /// <param name="from">Threads that were started on this day or later, UTC; all without it.</param>
    /// <param name="to">The last day.</param>
    [WolverineGet("/api/views/first-replies"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<HourOfBoard>), 200)]
    public static Task<IResult> Get(
        DateOnly? from,
        DateOnly? to,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    ) =>
        views.AnswerAsync<FirstReplies, HourOfBoard>(
            http,
            minPosition,
            table => Sql(table, "extract(hour from started_at at time zone 'UTC')::int"),
            ("from", from),
            ("to", to)
        );

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var (refusal, boards) = await ReadAsync("0");
        var (again, hours) = boards is null
            ? (refusal, null)
            : await ReadAsync("extract(hour from started_at at time zone 'UTC')::int");
        if (boards is null || hours is null)
        {
            return (refusal ?? again, null);
        }

        return (
            null,
            new ViewPage(
                "Time to the first reply",
                boards.Version,
                boards.Position,
                new BarChart(
                    "Half of a board's threads have a reply after",
                    [
                        .. boards
                            .Rows.Where(row => row.MedianSeconds is not null)
                            .OrderBy(row => row.MedianSeconds)
                            .Select(row =>
                                (
                                    new ViewCell(row.Board, $"/boards/{row.BoardId}"),
                                    row.MedianSeconds!.Value,
                                    $"{ViewCell.Span(row.MedianSeconds)} · {row.Replied:N0} of {row.Threads:N0} threads"
                                )
                            ),
                    ]
                ),
                new ViewGrid(
                    "By board and hour (UTC)",
                    ["Board", "Hour", "Threads", "With a reply", "Half wait", "A tenth waits longer than"],
                    [
                        .. hours.Rows.Select(row =>
                            (IReadOnlyList<ViewCell>)
                                [
                                    new ViewCell(row.Board, $"/boards/{row.BoardId}"),
                                    row.Hour,
                                    row.Threads,
                                    row.Replied,
                                    ViewCell.Duration(row.MedianSeconds),
                                    ViewCell.Duration(row.SlowestTenthSeconds),
                                ]
                        ),
                    ]
                )
            )
        );

        Task<(Refusal?, ViewAnswer<HourOfBoard>?)> ReadAsync(string hour) =>
            views.ReadAsync<FirstReplies, HourOfBoard>(
                http,
                null,
                table => Sql(table, hour),
                ("from", null),
                ("to", null)
            );
    }

    private static string Sql(string table, string hour) =>
        $"""
            select board_id, {ViewSql.BoardName("board_id")} as board, hour, count(*)::int as threads,
                   count(seconds)::int as replied,
                   percentile_cont(0.5) within group (order by seconds) as median_seconds,
                   percentile_cont(0.9) within group (order by seconds) as slowest_tenth_seconds
              from (select board_id, {hour} as hour, extract(epoch from replied_at - started_at)::float8 as seconds
                      from {table}
                     where (@from::date is null or started_at >= @from::date::timestamp at time zone 'UTC')
                       and (@to::date is null or started_at < (@to::date + 1)::timestamp at time zone 'UTC')
                       and {ViewSql.Seen("board_id")}) waits
             group by board_id, hour order by board, board_id, hour
            """;
}
