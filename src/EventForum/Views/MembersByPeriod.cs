using System.Collections.Immutable;
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

/// <summary>What each member did in each board on each day and when, and so how many posts each had at any time.</summary>
public sealed class MembersByPeriod : IView<MembersByPeriod.Day>, IViewPage
{
    private const int MaxLimit = 100;

    public string Name => "members";

    public int Version => 2;

    public string Summary =>
        "Members by what they wrote in a period, now and as of any time, and titles as of any day.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["date"],
        ];

    /// <param name="BoardId">Where the member wrote it.</param>
    /// <param name="QuotedIn">Where others quoted it; the same board for what the member wrote.</param>
    /// <param name="Quoted">How often others quoted a post of the member's, when they wrote theirs.</param>
    /// <param name="ThreadsAt">When each of the threads was started, in microseconds of the day, UTC.</param>
    /// <param name="PostsAt">The same for posts.</param>
    /// <param name="QuotedAt">The same for quotes.</param>
    public sealed record Day(
        [property: Key] Guid MemberId,
        [property: Key] Guid BoardId,
        [property: Key] Guid QuotedIn,
        [property: Key] DateOnly Date,
        int Threads = 0,
        int Posts = 0,
        int Quoted = 0,
        ImmutableList<long>? ThreadsAt = null,
        ImmutableList<long>? PostsAt = null,
        ImmutableList<long>? QuotedAt = null
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

    public Day Evolve(Day row, ViewEvent e)
    {
        if (row.MemberId != e.ActorId)
        {
            return row with { Quoted = row.Quoted + 1, QuotedAt = With(row.QuotedAt, e) };
        }

        var posted = row with { Posts = row.Posts + 1, PostsAt = With(row.PostsAt, e) };
        return e.Data is ThreadStarted
            ? posted with
            {
                Threads = row.Threads + 1,
                ThreadsAt = With(row.ThreadsAt, e),
            }
            : posted;
    }

    private static ImmutableList<long> With(ImmutableList<long>? times, ViewEvent e) =>
        (times ?? []).Add(e.At.UtcDateTime.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>A member over a period; posts count where they were written, also if they were removed or moved later.</summary>
    /// <param name="Quoted">
    /// How many posts of others quoted the member's, when they were written; one that quotes posts of several boards counts once for each
    /// of these.
    /// </param>
    public sealed record MemberCount(Guid MemberId, string Name, int Threads, int Posts, int Quoted);

    /// <summary>The members who wrote most in a period of days, UTC.</summary>
    /// <param name="from">The first day; from the forum's beginning without it.</param>
    /// <param name="to">The last day.</param>
    /// <param name="at">As of this time: what was written later does not count. Now without it.</param>
    /// <param name="by">posts, threads or quoted: what most is; posts without it.</param>
    /// <param name="limit">How many members, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/views/members"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<MemberCount>), 200)]
    public static async Task<IResult> Get(
        DateOnly? from,
        DateOnly? to,
        DateTimeOffset? at,
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
                ("at", at?.ToUniversalTime()),
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
    ) => views.AnswerAsync<MembersByPeriod, Rung>(http, minPosition, RungSql, Rungs(EndOf(at), ladder.CurrentValue));

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var ladder = http.RequestServices.GetRequiredService<IOptionsMonitor<TitleLadder>>().CurrentValue;
        var at = MomentOf(http.Request.Query["at"]);
        var (refusal, members) = await views.ReadAsync<MembersByPeriod, MemberCount>(
            http,
            null,
            table => Sql(table, "posts"),
            ("from", null),
            ("to", null),
            ("at", at),
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
                    at is null ? "Members" : FormattableString.Invariant($"Members as of {at:yyyy-MM-dd HH:mm:ss} UTC"),
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
                {
                    Query = at is null ? "" : FormattableString.Invariant($"?at={at:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}"),
                }
            );
    }

    /// <summary>A time, or the end of a day; null for anything else.</summary>
    private static DateTimeOffset? MomentOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? EndOf(day)
        : DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment
        )
            ? moment
        : null;

    private static DateTimeOffset? EndOf(DateOnly? day) =>
        day is { } given ? new DateTimeOffset(given, new TimeOnly(TimeSpan.TicksPerDay - 1), TimeSpan.Zero) : null;

    private static (string, object?)[] Rungs(DateTimeOffset? at, TitleLadder ladder) =>
        [
            ("at", at),
            ("heights", ladder.Heights.ToArray()),
            ("titles", ladder.Heights.Select(h => ladder.TitleOf(h, null)).ToArray()),
        ];

    /// <summary>The days as of a time: those before it are whole, and of its own day counts what had happened.</summary>
    private static string Counted(string table) =>
        $"""
            select member_id, date, {Until("threads")}, {Until("posts")}, {Until("quoted")}
              from (select *, coalesce(@at::timestamptz, 'infinity') at time zone 'UTC' as until from {table}) days
             where date <= until and {ViewSql.Seen("board_id")} and {ViewSql.Seen("quoted_in")}
            """;

    private static string Until(string count) =>
        $"""
            case when date < until::date then {count}
                 else (select count(*)::int from jsonb_array_elements({count}_at) moment
                        where date + make_interval(secs => moment::bigint / 1000000.0) <= until)
            end as {count}
            """;

    private static string Sql(string table, string by) =>
        $"""
            select m.*, {ViewSql.MemberName("m.member_id")} as name
              from (select member_id, sum(threads)::int as threads, sum(posts)::int as posts, sum(quoted)::int as quoted
                      from ({Counted(table)}) counted
                     where (@from::date is null or date >= @from::date) and (@to::date is null or date <= @to::date)
                     group by member_id having sum(threads + posts + quoted) > 0
                     order by sum({by}) desc, member_id limit @limit) m
             order by m.{by} desc, m.member_id
            """;

    private static string RungSql(string table) =>
        $"""
            select rung.title, rung.posts, count(m.member_id)::int as members
              from unnest(@titles::text[], @heights::int[]) rung(title, posts)
              left join (select member_id, (select max(height) from unnest(@heights::int[]) height where height <= sum(posts)) as reached
                           from ({Counted(table)}) counted
                          group by member_id having sum(posts) > 0) m on m.reached = rung.posts
             group by rung.title, rung.posts order by rung.posts
            """;
}
