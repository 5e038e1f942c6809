using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What happened in each board on each day.</summary>
public sealed class Activity : IView<Activity.Day>, IViewPage
{
    public string Name => "activity";

    public int Version => 1;

    public string Summary => "Threads, posts, edits and removals by day.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["date"],
        ];

    public sealed record Day(
        [property: Key] Guid BoardId,
        [property: Key] DateOnly Date,
        int Threads = 0,
        int Posts = 0,
        int Edits = 0,
        int Removals = 0
    );

    public IEnumerable<Day> RowsOf(ViewEvent e) =>
        e is { Thread: { } thread, Data: ThreadStarted or ReplyPosted or PostEdited or PostRemoved }
            ? [new Day(thread.BoardId, e.Day)]
            : [];

    public Day Evolve(Day row, ViewEvent e) =>
        e.Data switch
        {
            ThreadStarted => row with { Threads = row.Threads + 1, Posts = row.Posts + 1 },
            ReplyPosted => row with { Posts = row.Posts + 1 },
            PostEdited => row with { Edits = row.Edits + 1 },
            PostRemoved => row with { Removals = row.Removals + 1 },
            _ => row,
        };

    /// <summary>What happened on a day, in all boards that the reader sees or in one. Posts count where they were written, also if they were removed or moved later.</summary>
    public sealed record DayCount(DateOnly Date, int Threads, int Posts, int Edits, int Removals);

    /// <summary>What happened by day, UTC. Days on which nothing happened are left out.</summary>
    /// <param name="board">Only in this board.</param>
    /// <param name="from">The first day; a year before <c>to</c> without it.</param>
    /// <param name="to">The last day; the newest on which anything happened without it.</param>
    [WolverineGet("/api/views/activity"), AllowAnonymous, ProducesResponseType(typeof(ViewAnswer<DayCount>), 200)]
    public static Task<IResult> Get(
        Guid? board,
        DateOnly? from,
        DateOnly? to,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    ) => views.AnswerAsync<Activity, DayCount>(http, minPosition, Sql, ("board", board), ("from", from), ("to", to));

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var to = ReadDay(http.Request.Query["to"]);
        var (refusal, answer) = await views.ReadAsync<Activity, DayCount>(
            http,
            null,
            Sql,
            ("board", null),
            ("from", null),
            ("to", to)
        );
        if (answer is null)
        {
            return (refusal, null);
        }

        var (_, years) = await views.ReadAsync<Activity, YearCount>(http, null, YearSql);
        var months = answer.Rows.GroupBy(day => new DateOnly(day.Date.Year, day.Date.Month, 1)).Reverse();
        return (
            null,
            new ViewPage(
                "Activity",
                answer.Version,
                answer.Position,
                new BarChart(
                    "Posts by year",
                    [
                        .. (years?.Rows ?? []).Select(year =>
                            (
                                new ViewCell(
                                    year.Year.ToString(CultureInfo.InvariantCulture),
                                    $"/views/activity?to={year.Last:yyyy-MM-dd}"
                                ),
                                (double)year.Posts,
                                year.Posts.ToString("N0", CultureInfo.InvariantCulture)
                            )
                        ),
                    ]
                ),
                new HeatMap("Posts by day", [.. answer.Rows.Select(day => (day.Date, day.Posts))], "posts"),
                new ViewGrid(
                    "By month",
                    ["Month", "Threads", "Posts", "Edits", "Removals"],
                    [
                        .. months.Select(month =>
                            (IReadOnlyList<ViewCell>)
                                [
                                    FormattableString.Invariant($"{month.Key:yyyy-MM}"),
                                    month.Sum(day => day.Threads),
                                    month.Sum(day => day.Posts),
                                    month.Sum(day => day.Edits),
                                    month.Sum(day => day.Removals),
                                ]
                        ),
                    ]
                )
            )
            {
                Query = to is null ? "" : FormattableString.Invariant($"?to={to:yyyy-MM-dd}"),
            }
        );
    }

    private sealed record YearCount(int Year, int Posts, DateOnly Last);

    private static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static string YearSql(string table) =>
        $"""
            select extract(year from date)::int as year, sum(posts)::int as posts, max(date) as last
              from {table} where {ViewSql.Seen("board_id")} group by 1 order by 1
            """;

    private static string Sql(string table) =>
        $"""
            select date, sum(threads)::int as threads, sum(posts)::int as posts, sum(edits)::int as edits,
                   sum(removals)::int as removals
              from {table}
             cross join (select coalesce(@to::date, (select max(date) from {table})) as last) days
             where date between coalesce(@from::date, last - 365) and last
               and (@board::uuid is null or board_id = @board::uuid) and {ViewSql.Seen("board_id")}
             group by date order by date
            """;
}
