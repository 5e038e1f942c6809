using EventForum.Members;
using EventForum.Moderation;
using EventForum.Platform;
using EventForum.Views.Framework;
using Npgsql;

namespace EventForum.Views;

/// <summary>Which batches of the log are wanted.</summary>
public sealed record LogFilter(
    Guid? Moderator,
    Guid? Member,
    Guid? Board,
    string? Kind,
    DateTimeOffset? From,
    DateTimeOffset? To,
    long? Before,
    int Limit
);

/// <summary>Reads the moderation log, for its endpoint and its page.</summary>
public sealed class ModerationLogs(
    ViewQueries views,
    BatchQueries batches,
    Readers readers,
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database
)
{
    private const string Boards = $"select id from {MartenTables.Documents}board";

    public async Task<(Refusal? Refusal, ViewAnswer<ModerationLog.LoggedBatch>? Answer)> ReadAsync(
        LogFilter filter,
        long? minPosition,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        if (!reader.IsModerator)
        {
            return (ModerationRefusals.ModeratorsOnly, null);
        }

        // What is in a board that is another moderator's is not this one's to read.
        Guid[]? others = null;
        if (!reader.ModeratesAllBoards)
        {
            await using var command = database.CreateCommand(Boards);
            await using var rows = await command.ExecuteReaderAsync(http.RequestAborted);
            var ids = new List<Guid>();
            while (await rows.ReadAsync(http.RequestAborted))
            {
                ids.Add(rows.GetGuid(0));
            }

            others = [.. ids.Where(id => !reader.Moderates(id))];
        }

        var (refusal, answer) = await views.ReadAsync<ModerationLog, ModerationLog.LoggedBatch>(
            http,
            minPosition,
            Sql,
            ("others", others),
            ("forum", reader.ModeratesForum),
            ("moderator", filter.Moderator),
            ("member", filter.Member?.ToString()),
            ("board", filter.Board?.ToString()),
            ("kind", filter.Kind),
            ("from", filter.From?.ToUniversalTime()),
            ("to", filter.To?.ToUniversalTime()),
            ("before", filter.Before),
            ("limit", filter.Limit)
        );
        if (answer is null)
        {
            return (refusal, null);
        }

        var undone = await batches.UndoneAsync(answer.Rows.Select(row => row.BatchId), http.RequestAborted);
        return (
            null,
            answer with
            {
                Rows = [.. answer.Rows.Select(row => row with { IsUndone = undone.ContainsKey(row.BatchId) })],
            }
        );
    }

    private static string Sql(string table) =>
        $"""
            select l.position, l.batch_id, l.at, l.kind, l.actor_id as moderator_id,
                   {ViewSql.MemberName("l.actor_id")} as moderator, l.reason,
                   l.thread_id, {ViewSql.Title("l.thread_id")} as title, l.post_id, l.posts, l.threads,
                   (select coalesce(jsonb_agg({ViewSql.MemberName("m.id::uuid")}), '[]')
                      from (select id from jsonb_array_elements_text(l.member_ids) m(id) limit 10) m) as members,
                   (select coalesce(jsonb_agg({ViewSql.BoardName("b.id::uuid")}), '[]')
                      from jsonb_array_elements_text(l.board_ids) b(id)) as boards,
                   l.undone_batch_id, l.case_id,
                   l.kind = 'warn-member' and {BatchQueries.SuspendedAutomatically("l.batch_id")} as suspended_automatically
              from {table} l
             where (@others::uuid[] is null
                    or not exists (select from jsonb_array_elements_text(l.board_ids) b(id) where b.id::uuid = any(@others)))
               and (@forum or jsonb_array_length(l.board_ids) > 0)
               and (l.thread_id is null or {ViewSql.Seen(ViewSql.BoardOf("l.thread_id"))})
               and not exists (select from jsonb_array_elements_text(l.board_ids) b(id) where not {ViewSql.Seen(
                "b.id::uuid"
            )})
               and (@moderator::uuid is null or l.actor_id = @moderator)
               and (@member::text is null or l.member_ids ? @member)
               and (@board::text is null or l.board_ids ? @board)
               and (@kind::text is null or l.kind = @kind)
               and (@from::timestamptz is null or l.at >= @from) and (@to::timestamptz is null or l.at < @to)
               and (@before::bigint is null or l.position < @before)
             order by l.position desc limit @limit
            """;
}
