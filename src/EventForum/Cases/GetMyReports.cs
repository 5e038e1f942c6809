using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Cases;

/// <summary>What somebody reported, the newest first.</summary>
/// <param name="Next">The <c>before</c> of the next page; null on the last.</param>
public sealed record OwnReportList(IReadOnlyList<OwnReport> Reports, long? Next);

/// <summary>A report, as its sender sees it.</summary>
/// <param name="Number">The post's number in its thread.</param>
/// <param name="Title">The title of the thread that the post is in now.</param>
/// <param name="Reason">The key of the reason that was given.</param>
/// <param name="Outcome">open; resolved: moderators did something; dismissed: they did not.</param>
/// <param name="DecidedAt">Null while it is open.</param>
/// <param name="Explanation">Why it was dismissed; else null.</param>
public sealed record OwnReport(
    long Position,
    DateTimeOffset At,
    Guid PostId,
    int Number,
    Guid ThreadId,
    string Title,
    string Reason,
    string? Text,
    string Outcome,
    DateTimeOffset? DecidedAt,
    string? Explanation
);

/// <summary>Reads what became of somebody's reports.</summary>
public sealed class OwnReports([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database)
{
    public const int PageSize = 50;

    /// <summary>Posts in boards that the reader does not see any more do not exist for the reader.</summary>
    private const string Sql = $"""
        select e.position, e.timestamp, (e.data ->> 'postId')::uuid, p.number, t.id, t.data ->> 'title',
               e.data ->> 'reason', e.data ->> 'text', d.type, d.timestamp,
               case when d.type = 'case_dismissed' then d.data ->> 'explanation' end
          from {MartenTables.Events} e
         cross join lateral (select thread_id, number from {PostTable.Table}
                              where post_id = (e.data ->> 'postId')::uuid {PostTable.Newest}) p
          join {MartenTables.Documents}forumthread t on t.id = p.thread_id
          left join lateral (select * from {MartenTables.Events} d
                              where d.stream_id = e.stream_id and d.type in ('case_resolved', 'case_dismissed') limit 1) d on true
         where e.type = 'post_reported' and e.user_name = $1 and e.position < $2
           and ($3::uuid[] is null or (t.data ->> 'boardId')::uuid <> all($3))
         order by e.position desc limit $4
        """;

    public async Task<OwnReportList> OfAsync(Reader reader, long? before, CancellationToken cancellation)
    {
        if (reader.MemberId is not { } member)
        {
            return new OwnReportList([], null);
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(member.ToString());
        command.Parameters.AddWithValue(before ?? long.MaxValue);
        command.Parameters.Add(reader.HiddenBoardsParameter());
        command.Parameters.AddWithValue(PageSize);
        var reports = new List<OwnReport>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var decision = await rows.IsDBNullAsync(8, cancellation) ? null : rows.GetString(8);
            reports.Add(
                new OwnReport(
                    rows.GetInt64(0),
                    rows.GetFieldValue<DateTimeOffset>(1),
                    rows.GetGuid(2),
                    rows.GetInt32(3),
                    rows.GetGuid(4),
                    rows.GetString(5),
                    rows.GetString(6),
                    await rows.IsDBNullAsync(7, cancellation) ? null : rows.GetString(7),
                    decision switch
                    {
                        null => "open",
                        "case_dismissed" => "dismissed",
                        _ => "resolved",
                    },
                    decision is null ? null : rows.GetFieldValue<DateTimeOffset>(9),
                    await rows.IsDBNullAsync(10, cancellation) ? null : rows.GetString(10)
                )
            );
        }

        return new OwnReportList(reports, reports.Count < PageSize ? null : reports[^1].Position);
    }
}

public static class GetMyReportsEndpoint
{
    /// <summary>What who asks has reported, and what became of it.</summary>
    /// <param name="before">The <c>next</c> of the page before.</param>
    [WolverineGet("/api/me/reports"), Authorize, ProducesResponseType(typeof(OwnReportList), 200)]
    public static async Task<IResult> Get(long? before, OwnReports reports, HttpContext http) =>
        new Tagged<OwnReportList>(await reports.OfAsync(Reader.Of(http), before, http.RequestAborted));
}
