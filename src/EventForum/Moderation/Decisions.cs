using System.Text.Json;
using EventForum.Access;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>Reads what was decided because of reports.</summary>
public sealed class Decisions(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    BatchQueries batches,
    MemberNames names,
    IOptionsMonitor<ReportReasons> reasons
)
{
    public const int PageSize = 50;

    private static readonly string Joined = $"""
        select c.data, e.position, e.timestamp, e.data ->> 'reason', e.data ->> 'explanation',
               b.data ->> 'kind', b.data ->> 'reason', a.timestamp, a.data ->> 'text',
               d.timestamp, d.user_name::uuid, (d.data ->> 'isOverturned')::boolean, d.data ->> 'explanation',
               p.number, t.id, t.data ->> 'title', (t.data ->> 'boardId')::uuid,
               {BatchQueries.SuspendedAutomatically("e.data ->> 'batchId'")}
          from {MartenTables.Documents}case c
          join {MartenTables.Events} e on e.stream_id = c.id and e.type = 'case_resolved'
          join {MartenTables.Events} b on b.stream_id = (e.data ->> 'batchId')::uuid and b.type = 'batch_applied'
          left join {MartenTables.Events} a on a.stream_id = c.id and a.type = 'decision_appealed'
          left join {MartenTables.Events} d on d.stream_id = c.id and d.type = 'appeal_decided'
         cross join lateral (select thread_id, number from {PostTable.Table} where post_id = c.post_id {PostTable.Newest}) p
          join {MartenTables.Documents}forumthread t on t.id = p.thread_id
        """;

    private static readonly string OfCase = Joined + " where c.id = $1";

    private static readonly string OfAuthor =
        Joined + " where c.author_id = $1 and e.position < $2 order by e.position desc limit $3";

    /// <summary>Null for who is neither the post's author nor a moderator of its board.</summary>
    public async Task<StatementOfReasons?> FindAsync(Guid caseId, Reader reader, CancellationToken cancellation) =>
        reader.IsSignedIn
            ? (await ReadAsync(OfCase, [caseId], reader, cancellation)) is [var statement]
                ? statement
                : null
            : null;

    /// <summary>About the posts of who asks.</summary>
    public async Task<DecisionList> OfAsync(Reader reader, long? before, CancellationToken cancellation)
    {
        if (reader.MemberId is not { } member)
        {
            return new DecisionList([], null);
        }

        var decisions = await ReadAsync(OfAuthor, [member, before ?? long.MaxValue, PageSize], reader, cancellation);
        return new DecisionList(decisions, decisions.Count < PageSize ? null : decisions[^1].Position);
    }

    private async Task<IReadOnlyList<StatementOfReasons>> ReadAsync(
        string sql,
        object[] parameters,
        Reader reader,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var found = new List<Found>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var one = Found.Read(rows);
                if (one.Case.AuthorId == reader.MemberId || reader.Moderates(one.BoardId))
                {
                    found.Add(one);
                }
            }
        }

        var undone = await batches.UndoneAsync(found.Select(one => one.Case.BatchId!.Value), cancellation);
        var cards = await names.FindAsync(
            found.SelectMany(one =>
                new[] { one.Case.AuthorId, one.Case.DecidedBy!.Value, one.AppealDecidedBy ?? one.Case.AuthorId }
            ),
            reader,
            cancellation
        );
        return
        [
            .. found.Select(one => new StatementOfReasons(
                one.Case.Id,
                one.Case.State,
                one.Position,
                one.DecidedAt,
                cards[one.Case.DecidedBy!.Value],
                one.IsAutomatic,
                one.Case.BatchId!.Value,
                one.Kind,
                one.BatchReason,
                undone.ContainsKey(one.Case.BatchId.Value),
                reader.Sees(one.BoardId) ? new DecidedPost(one.Case.PostId, one.Number, one.ThreadId, one.Title) : null,
                cards[one.Case.AuthorId],
                one.Case.Revision,
                new ReportReason(one.Reason, reasons.CurrentValue.LabelOf(one.Reason)),
                one.Explanation ?? one.BatchReason,
                one.Case.State == CaseState.Resolved
                    ? $"The author may appeal once, at /cases/{one.Case.Id}/statement or by POST /api/cases/{one.Case.Id}/appeal; another moderator decides."
                    : null,
                one.AppealedAt is { } appealedAt
                    ? new AppealView(
                        appealedAt,
                        one.AppealText!,
                        one.AppealDecidedAt,
                        one.AppealDecidedBy is { } by ? cards[by] : null,
                        one.IsOverturned,
                        one.AppealExplanation
                    )
                    : null
            )),
        ];
    }

    private sealed record Found(
        Case Case,
        long Position,
        DateTimeOffset DecidedAt,
        string Reason,
        string? Explanation,
        string Kind,
        string BatchReason,
        DateTimeOffset? AppealedAt,
        string? AppealText,
        DateTimeOffset? AppealDecidedAt,
        Guid? AppealDecidedBy,
        bool? IsOverturned,
        string? AppealExplanation,
        int Number,
        Guid ThreadId,
        string Title,
        Guid BoardId,
        bool IsAutomatic
    )
    {
        public static Found Read(NpgsqlDataReader row)
        {
            return new Found(
                JsonSerializer.Deserialize<Case>(row.GetString(0), JsonSerializerOptions.Web)!,
                row.GetInt64(1),
                row.GetFieldValue<DateTimeOffset>(2),
                row.GetString(3),
                Text(4),
                row.GetString(5),
                row.GetString(6),
                Time(7),
                Text(8),
                Time(9),
                row.IsDBNull(10) ? null : row.GetGuid(10),
                row.IsDBNull(11) ? null : row.GetBoolean(11),
                Text(12),
                row.GetInt32(13),
                row.GetGuid(14),
                row.GetString(15),
                row.GetGuid(16),
                row.GetBoolean(17)
            );

            string? Text(int i) => row.IsDBNull(i) ? null : row.GetString(i);
            DateTimeOffset? Time(int i) => row.IsDBNull(i) ? null : row.GetFieldValue<DateTimeOffset>(i);
        }
    }
}
