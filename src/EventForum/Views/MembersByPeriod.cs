using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What each member did in each board on each day, and so how many posts each had by any day.</summary>
public sealed class MembersByPeriod : IView<MembersByPeriod.Day>, IViewPage
{
    private const int MaxLimit = 100;

    public string Name => "members";

    public int Version => 1;

    public string Summary => "Members by what they wrote in a period, and titles as of any day.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["date"],
        ];

    /// <param name="BoardId">Where the member wrote it.</param>
    /// <param name="QuotedIn">Where others quoted it; the same board for what the member wrote.</param>
    /// <param name="Quoted">How often others quoted a post of the member's, when they wrote theirs.</param>
    public sealed record Day(
        [property: Key] Guid MemberId,
        [property: Key] Guid BoardId,
        [property: Key] Guid QuotedIn,
        [property: Key] DateOnly Date,
        int Threads = 0,
        int Posts = 0,
        int Quoted = 0
    );

    public IEnumerable<Day> RowsOf(ViewEvent e) =>
        e is { Data: IPostWritten, Thread: { } thread }
            ?
            [
                new Day(e.ActorId, thread.BoardId, thread.BoardId, e.Day),
                .. e
                    .Quoted.Where(post => post.AuthorId != e.ActorId)
                    .Select(post => new Day(post.AuthorId, post.BoardId, thread.BoardId, e.Day))
                    .Distinct(),
            ]
            : [];

    public Day Evolve(Day row, ViewEvent e) =>
        row.MemberId == e.ActorId
            ? row with
            {
                Threads = row.Threads + (e.Data is ThreadStarted ? 1 : 0),
                Posts = row.Posts + 1,
            }
            : row with
            {
                Quoted = row.Quoted + 1,
            };

    /// <summary>A member over a period; posts count where they were written, also if they were removed or moved later.</summary>
    /// <param name="Quoted">How many posts of others quoted the member's, when they were written.</param>
    public sealed record MemberCount(Guid MemberId, string Name, int Threads, int Posts, int Quoted);

    /// <summary>The members who wrote most in a period of days, UTC.</summary>
    /// <param name="from">The first day; from the forum's beginning without it.</param>
    /// <param name="to">The last day, as in "as of": now without it.</param>
    /// <param name="by">posts, threads or quoted: what most is; posts without it.</param>
    /// <param name="limit">How many members, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/views/members"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<MemberCount>), 200)]
    public static async Task<IResult> Get(
        DateOnly? from,
        DateOnly? to,
        string? by,
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    ) =>
        by is null or "posts" or "threads" or "quoted"
            ? await views.AnswerAsync<MembersByPeriod, MemberCount>(
                http,
                minPosition,
                table => Sql(table, by ?? "posts"),
                ("from", from),
                ("to", to),
                ("limit", Math.Clamp(limit ?? 20, 1, MaxLimit))
            )
            : new Problem(ViewRefusals.UnknownOrder("posts, threads or quoted"));

    /// <summary>A title of the ladder.</summary>
    /// <param name="Posts">From how many posts on.</param>
    /// <param name="Members">How many members had come to it, and not to the next.</param>
    public sealed record Rung(string Title, int Posts, int Members);

    /// <summary>How many members had each title of the ladder at the end of a day, UTC. Titles that admins granted do not count.</summary>
    /// <param name="at">The day; today without it.</param>
    [WolverineGet("/api/views/members/titles"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<Rung>), 200)]
    public static Task<IResult> GetTitles(
        DateOnly? at,
        [FromQuery(Name = "min-position")] long? minPosition,
        IOptionsMonitor<TitleLadder> ladder,
        ViewQueries views,
        HttpContext http
    ) => views.AnswerAsync<MembersByPeriod, Rung>(http, minPosition, RungSql, Rungs(at, ladder.CurrentValue));

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var ladder = http.RequestServices.GetRequiredService<IOptionsMonitor<TitleLadder>>().CurrentValue;
        DateOnly? at = DateOnly.TryParseExact(
            http.Request.Query["at"],
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;
        var (refusal, members) = await views.ReadAsync<MembersByPeriod, MemberCount>(
            http,
            null,
            table => Sql(table, "posts"),
            ("from", null),
            ("to", at),
            ("limit", 50)
        );
        var (again, rungs) = members is null
            ? (refusal, null)
            : await views.ReadAsync<MembersByPeriod, Rung>(http, null, RungSql, Rungs(at, ladder));
        return members is null || rungs is null
            ? (refusal ?? again, null)
            : (
                null,
                new ViewPage(
                    at is null ? "Members" : FormattableString.Invariant($"Members as of {at:yyyy-MM-dd}"),
                    members.Version,
                    members.Position,
                    new BarChart(
                        "Members by title",
                        [
                            .. rungs.Rows.Select(rung =>
                                (new ViewCell(rung.Title), (double)rung.Members, $"{rung.Members:N0}")
                            ),
                        ]
                    ),
                    new ViewGrid(
                        "Who wrote most",
                        ["Member", "Posts", "Threads", "Quoted by others"],
                        [
                            .. members.Rows.Select(member =>
                                (IReadOnlyList<ViewCell>)[member.Name, member.Posts, member.Threads, member.Quoted]
                            ),
                        ]
                    )
                )
            );
    }

    private static (string, object?)[] Rungs(DateOnly? at, TitleLadder ladder) =>
        [
            ("at", at),
            ("heights", ladder.Heights.ToArray()),
            ("titles", ladder.Heights.Select(h => ladder.TitleOf(h, null)).ToArray()),
        ];

    private static string Sql(string table, string by) =>
        $"""
            select m.*, {ViewSql.MemberName("m.member_id")} as name
              from (select member_id, sum(threads)::int as threads, sum(posts)::int as posts, sum(quoted)::int as quoted
                      from {table}
                     where (@from::date is null or date >= @from::date) and (@to::date is null or date <= @to::date)
                       and {ViewSql.Seen("board_id")} and {ViewSql.Seen("quoted_in")}
                     group by member_id order by sum({by}) desc, member_id limit @limit) m
             order by m.{by} desc, m.member_id
            """;

    private static string RungSql(string table) =>
        $"""
            select rung.title, rung.posts, count(m.member_id)::int as members
              from unnest(@titles::text[], @heights::int[]) rung(title, posts)
              left join (select member_id, (select max(height) from unnest(@heights::int[]) height where height <= sum(posts)) as reached
                           from {table}
                          where (@at::date is null or date <= @at::date) and {ViewSql.Seen(
                "board_id"
            )} and {ViewSql.Seen("quoted_in")}
                          group by member_id having sum(posts) > 0) m on m.reached = rung.posts
             group by rung.title, rung.posts order by rung.posts
            """;
}
