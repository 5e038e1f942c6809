using System.ComponentModel.DataAnnotations;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Views.Framework;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views;

/// <summary>What each post quotes now: which posts are quoted most, and which quotes have lost their source.</summary>
public sealed class MostQuoted : IView<MostQuoted.Quoting>, IViewPage
{
    private const int MaxLimit = 100;

    public string Name => "most-quoted";

    public int Version => 2;

    public string Summary =>
        "Posts by how often they are quoted, and quotes whose source was edited, removed or erased.";

    public IReadOnlyList<string[]> Indexes =>
        [
            ["posted_at"],
        ];

    /// <param name="BoardId">Of the post that quotes.</param>
    public sealed record Quoting(
        [property: Key] Guid PostId,
        Guid BoardId = default,
        DateTimeOffset PostedAt = default,
        IReadOnlyList<Source>? Sources = null
    );

    public sealed record Source(Guid PostId, int Revision);

    public IEnumerable<Quoting> RowsOf(ViewEvent e) =>
        e is { Post: { } post, Thread: not null } && (e.Data is PostEdited || QuotesOf(e).Any())
            ? [new Quoting(post.Id)]
            : [];

    /// <summary>An edit says anew what its post quotes: a post that quotes nothing any more has no row.</summary>
    public Quoting? Evolve(Quoting row, ViewEvent e)
    {
        var sources = QuotesOf(e).Select(quote => new Source(quote.PostId, quote.Revision)).Distinct().ToList();
        return sources.Count == 0
            ? null
            : row with
            {
                BoardId = e.Thread!.BoardId,
                PostedAt = e.Post!.PostedAt,
                Sources = sources,
            };
    }

    private static IEnumerable<Quote> QuotesOf(ViewEvent e) =>
        e.Data switch
        {
            ThreadStarted started => Quote.WithoutNulls(started.Quotes),
            ReplyPosted reply => Quote.WithoutNulls(reply.Quotes),
            PostEdited edited => Quote.WithoutNulls(edited.Quotes),
            _ => [],
        };

    /// <summary>A post that is quoted.</summary>
    /// <param name="Quotes">How many posts in view quote it.</param>
    /// <param name="Outdated">How many of these quote an earlier revision of it.</param>
    public sealed record QuotedPost(
        Guid PostId,
        Guid ThreadId,
        string Title,
        int Number,
        Guid AuthorId,
        string Author,
        int Quotes,
        int Outdated
    );

    /// <summary>The posts in view that are quoted by most posts.</summary>
    /// <param name="limit">How many posts, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/views/most-quoted"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<QuotedPost>), 200)]
    public static async Task<IResult> Get(
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    )
    {
        var (refusal, answer) = await ReadAsync(views, http, minPosition, Math.Clamp(limit ?? 20, 1, MaxLimit));
        return refusal is null ? new Tagged<ViewAnswer<QuotedPost>>(answer!) : new Problem(refusal);
    }

    /// <param name="Posts">Those of them that are in view, by how many posts in view quote them.</param>
    /// <param name="Candidates">How many were looked at, of those that are quoted most.</param>
    /// <param name="Least">How often the last of them is quoted, by posts that are in view or not.</param>
    private sealed record Found(IReadOnlyList<QuotedPost> Posts, int Candidates, int Least);

    /// <summary>
    /// Looks at those that are quoted most, and at more of them where others, which are quoted by fewer, may have more quotes in view.
    /// </summary>
    private static async Task<(Refusal? Refusal, ViewAnswer<QuotedPost>? Answer)> ReadAsync(
        ViewQueries views,
        HttpContext http,
        long? minPosition,
        int limit
    )
    {
        for (var candidates = 2 * limit + 20; ; candidates *= 4)
        {
            var (refusal, answer) = await views.ReadAsync<MostQuoted, Found>(
                http,
                minPosition,
                Sql,
                ("limit", limit),
                ("candidates", candidates)
            );
            if (answer is null)
            {
                return (refusal, null);
            }

            var found = answer.Rows[0];
            if (found.Candidates < candidates || (found.Posts.Count == limit && found.Posts[^1].Quotes >= found.Least))
            {
                return (null, new ViewAnswer<QuotedPost>(answer.View, answer.Version, answer.Position, found.Posts));
            }
        }
    }

    /// <summary>A quote whose source has changed since it was written, is not in view, or has lost the words.</summary>
    /// <param name="State">edited-since, removed, or erased where the quoted words were redacted, or who wrote them was erased.</param>
    public sealed record LostQuote(
        Guid PostId,
        Guid ThreadId,
        string Title,
        int Number,
        Guid SourcePostId,
        int QuotedRevision,
        string State
    );

    /// <summary>Quotes in view whose source was edited since, removed or redacted; the newest posts first.</summary>
    /// <param name="limit">How many quotes, from 1 to 100; 20 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/views/most-quoted/lost"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(ViewAnswer<LostQuote>), 200)]
    public static Task<IResult> GetLost(
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        ViewQueries views,
        HttpContext http
    ) =>
        views.AnswerAsync<MostQuoted, LostQuote>(
            http,
            minPosition,
            LostSql,
            ("limit", Math.Clamp(limit ?? 20, 1, MaxLimit))
        );

    public async Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http)
    {
        var (refusal, quoted) = await ReadAsync(views, http, null, 25);
        var (again, lost) = quoted is null
            ? (refusal, null)
            : await views.ReadAsync<MostQuoted, LostQuote>(http, null, LostSql, ("limit", 50));
        return quoted is null || lost is null
            ? (refusal ?? again, null)
            : (
                null,
                new ViewPage(
                    "Quotes",
                    quoted.Version,
                    quoted.Position,
                    new BarChart(
                        "The posts that are quoted most",
                        [
                            .. quoted.Rows.Select(post =>
                                (
                                    new ViewCell($"#{post.Number} {post.Title}", $"/posts/{post.PostId}"),
                                    (double)post.Quotes,
                                    $"{post.Quotes:N0} · {post.Author}"
                                )
                            ),
                        ]
                    ),
                    new ViewGrid(
                        "Quotes whose source was edited since, removed or erased",
                        ["Quoting post", "Quoted revision", "Its source"],
                        [
                            .. lost.Rows.Select(quote =>
                                (IReadOnlyList<ViewCell>)
                                    [
                                        new ViewCell($"#{quote.Number} {quote.Title}", $"/posts/{quote.PostId}"),
                                        quote.QuotedRevision,
                                        quote.State != "edited-since"
                                            ? quote.State
                                            : new ViewCell(
                                                "edited since",
                                                $"/posts/{quote.SourcePostId}/diff?from={quote.QuotedRevision}"
                                            ),
                                    ]
                            ),
                        ]
                    )
                )
            );
    }

    /// <summary>Those that are quoted most are counted again, without the posts that are not in view.</summary>
    private static string Sql(string table) =>
        $"""
            with candidates as materialized (
                select s.post_id, array_agg(distinct q.post_id) as quoting, count(distinct q.post_id)::int as quotes
                  from {table} q cross join jsonb_to_recordset(q.sources) s(post_id uuid, revision int)
                 where {ViewSql.Seen("q.board_id")}
                 group by s.post_id order by count(distinct q.post_id) desc, s.post_id limit @candidates),
            posts as (
                select s.post_id, p.thread_id, {ViewSql.Title("p.thread_id")} as title, p.number, p.author_id,
                       {ViewSql.MemberName("p.author_id")} as author, q.quotes, q.outdated
                  from candidates s
                 cross join {ViewSql.VisiblePost("s.post_id", "p")}
                 cross join lateral (
                        select count(distinct q.post_id)::int as quotes,
                               count(distinct q.post_id) filter (where x.revision <> p.revision)::int as outdated
                          from unnest(s.quoting) k(post_id)
                          join {table} q using (post_id)
                         cross join jsonb_to_recordset(q.sources) x(post_id uuid, revision int)
                         cross join {ViewSql.VisiblePost("q.post_id", "visible")}
                         where x.post_id = s.post_id) q
                 where q.quotes > 0
                 order by q.quotes desc, s.post_id limit @limit)
            select coalesce((select jsonb_agg(posts order by quotes desc, post_id) from posts), '[]') as posts,
                   (select count(*) from candidates)::int as candidates,
                   coalesce((select min(quotes) from candidates), 0) as least
            """;

    private static string LostSql(string table) =>
        $"""
            select q.post_id, p.thread_id, {ViewSql.Title(
                "p.thread_id"
            )} as title, p.number, s.post_id as source_post_id,
                   s.revision as quoted_revision, case when source.removed_at is not null then 'removed' when quoted.masked is not null then 'erased'
                        else 'edited-since' end as state
              from {table} q
             cross join jsonb_to_recordset(q.sources) s(post_id uuid, revision int)
             cross join {ViewSql.VisiblePost("q.post_id", "p")}
             cross join lateral (select * from {PostTable.Table} where post_id = s.post_id {PostTable.Newest}) source
             cross join lateral (select masked from {PostTable.Table}
                                  where post_id = s.post_id and revision = s.revision order by position limit 1) quoted
             where {ViewSql.Seen("q.board_id")} and {ViewSql.Seen(ViewSql.BoardOf("source.thread_id"))}
               and (source.revision <> s.revision or source.removed_at is not null or quoted.masked is not null)
             order by q.posted_at desc, q.post_id, s.post_id limit @limit
            """;
}
