using System.Globalization;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>Who quoted a post, in the order in which it happened.</summary>
/// <param name="Revision">The post's revision now.</param>
/// <param name="Next">Pass it as <c>after</c> to go on; null at the end.</param>
public sealed record QuotedBy(Guid PostId, int Revision, IReadOnlyList<QuotingPost> Quotes, string? Next);

/// <summary>A post that quotes, or quoted, another.</summary>
/// <param name="Version">The version of its thread that brought the quote.</param>
/// <param name="QuotedRevision">The revision of the quoted post whose words it quotes.</param>
/// <param name="State">exact, edited-since or removed: how those words stand to the quoted post now.</param>
/// <param name="TakenOutAt">The version of its thread in which its author took the quote out; null while it stands.</param>
/// <param name="IsRemoved">The quoting post has been removed.</param>
public sealed record QuotingPost(
    Guid ThreadId,
    EventPost Post,
    long Position,
    long Version,
    DateTimeOffset At,
    int QuotedRevision,
    string State,
    long? TakenOutAt,
    bool IsRemoved
);

public static class GetQuotedByEndpoint
{
    private const int MaxLimit = 200;

    private const string Sql = $"""
        select p.thread_id, p.post_id, p.number, p.author_id, q.position, q.from_version, q.quoted_at, q.source_revision,
               q.to_version, p.removed_at is not null
          from {QuoteGraph.Table} q
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = q.quoting_post_id
                 {PostTable.Newest}) p
         where q.source_post_id = $1 and (q.position, q.source_revision) > ($2, $3)
           and ($5::uuid[] is null
                or (select (data ->> 'boardId')::uuid from {MartenTables.Documents}forumthread
                     where id = p.thread_id) <> all($5))
         order by q.position, q.source_revision limit $4
        """;

    /// <summary>The posts that quote a post, and those that did. It follows a moment after a write; <c>min-position</c> waits for one.</summary>
    /// <param name="after">The <c>next</c> of the page before; without it, the list begins.</param>
    /// <param name="limit">How many posts, from 1 to 200; 100 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/posts/{postId}/quoted-by"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(QuotedBy), 200)]
    public static async Task<IResult> Get(
        Guid postId,
        string? after,
        int? limit,
        [FromQuery(Name = "min-position")] long? minPosition,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        MemberNames names,
        Readers readers,
        ViewFreshness freshness,
        HttpContext http
    )
    {
        if (Cursor(after) is not var (position, revision))
        {
            return new Problem(Refusal.BadCursor);
        }

        if (await freshness.WaitAsync(minPosition, http.RequestAborted, QuoteGraph.ProjectionName) is { } behind)
        {
            return new Problem(behind);
        }

        if (await ThreadRows.CurrentAsync(database, postId, http.RequestAborted) is not { } source)
        {
            return new Problem(ThreadRefusals.NoSuchPost);
        }

        var reader = await readers.OfAsync(http);
        var count = Math.Clamp(limit ?? 100, 1, MaxLimit);
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(postId);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(revision);
        command.Parameters.AddWithValue(count);
        command.Parameters.Add(reader.HiddenBoardsParameter());
        var quotes = new List<QuotingPost>();
        await using (var rows = await command.ExecuteReaderAsync(http.RequestAborted))
        {
            while (await rows.ReadAsync(http.RequestAborted))
            {
                var quoted = rows.GetInt32(7);
                quotes.Add(
                    new QuotingPost(
                        rows.GetGuid(0),
                        new EventPost(rows.GetGuid(1), rows.GetInt32(2), new EventActor(rows.GetGuid(3), "")),
                        rows.GetInt64(4),
                        rows.GetInt64(5),
                        rows.GetFieldValue<DateTimeOffset>(6),
                        quoted,
                        source.RemovedAt is not null ? "removed"
                            : source.Revision != quoted ? "edited-since"
                            : "exact",
                        rows.IsDBNull(8) ? null : rows.GetInt64(8),
                        rows.GetBoolean(9)
                    )
                );
            }
        }

        var cards = await names.FindAsync(quotes.Select(quote => quote.Post.Author.Id), reader, http.RequestAborted);
        return new Tagged<QuotedBy>(
            new QuotedBy(
                postId,
                source.Revision,
                [.. quotes.Select(Named)],
                quotes.Count == count ? $"{quotes[^1].Position}-{quotes[^1].QuotedRevision}" : null
            )
        );

        QuotingPost Named(QuotingPost quote) =>
            quote with
            {
                Post = quote.Post with { Author = EventActor.Of(quote.Post.Author.Id, cards) },
            };
    }

    private static (long Position, int Revision)? Cursor(string? text) =>
        text is null ? (0, 0)
        : text.Split('-') is [var position, var revision]
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
        && int.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var r)
            ? (p, r)
        : null;
}
