using System.Text.Json;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Cases;

/// <summary>A case with everything that belongs to it, as moderators see it.</summary>
/// <param name="IsRemoved">Whether the post is removed now.</param>
/// <param name="Reported">The post as it was when it was reported first.</param>
/// <param name="Now">The post as it is; of a removed one, its last words.</param>
/// <param name="Changes">What differs between the two.</param>
/// <param name="Entries">What happened, in order: the first 100 reports, and up to 200 of all else.</param>
public sealed record CaseView(
    CaseSummary Case,
    bool IsRemoved,
    RevisionView Reported,
    RevisionView Now,
    IReadOnlyList<WordChange> Changes,
    IReadOnlyList<CaseEntry> Entries
);

/// <summary>Something that happened to a case.</summary>
/// <param name="Type">The event's: post_reported, case_taken, case_noted, case_resolved, case_dismissed, decision_appealed or appeal_decided.</param>
/// <param name="Reason">Of a report, and of the decision that resolved the case: the key of a reason.</param>
/// <param name="Revision">Of a report: the post's revision that was current.</param>
/// <param name="Text">What was written.</param>
/// <param name="BatchId">The batch that resolved the case, or that undid that one.</param>
/// <param name="IsOverturned">Of a decision about an appeal.</param>
public sealed record CaseEntry(
    string Type,
    DateTimeOffset At,
    MemberCard By,
    string? Reason,
    int? Revision,
    string? Text,
    Guid? BatchId,
    bool? IsOverturned
);

/// <summary>Reads a case.</summary>
public sealed class CaseQueries(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostRevisions revisions,
    MemberNames names
)
{
    private const string One = $"""
        select c.data, p.number, p.removed_at is not null, t.id, t.data ->> 'title', b.id, b.data ->> 'name'
          from {MartenTables.Documents}case c
         cross join lateral (select * from {PostTable.Table} where post_id = c.post_id {PostTable.Newest}) p
          join {MartenTables.Documents}forumthread t on t.id = p.thread_id
          join {MartenTables.Documents}board b on b.id = (t.data ->> 'boardId')::uuid
         where c.id = $1
        """;

    private const string Events = $"""
        with entry as (
            (select * from {MartenTables.Events} e where stream_id = $1 and type = 'post_reported' order by version limit 100)
            union all
            (select * from {MartenTables.Events} e where stream_id = $1 and type <> 'post_reported' order by version limit 200))
        select type, timestamp, user_name::uuid, data ->> 'reason', (data ->> 'revision')::int,
               coalesce(data ->> 'text', data ->> 'explanation'), (data ->> 'batchId')::uuid, (data ->> 'isOverturned')::boolean
          from entry order by version
        """;

    /// <summary>A refusal for who does not moderate the board that the post is in now, and for the post's author.</summary>
    public async Task<(Refusal? Refusal, CaseView? View)> FindAsync(
        Guid caseId,
        Reader reader,
        CancellationToken cancellation
    )
    {
        if (!reader.IsModerator)
        {
            return (ThreadRefusals.ModeratorsOnly, null);
        }

        await using var command = database.CreateCommand(One);
        command.Parameters.AddWithValue(caseId);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation))
        {
            return (CaseRefusals.NoSuchCase, null);
        }

        var known = JsonSerializer.Deserialize<Case>(rows.GetString(0), JsonSerializerOptions.Web)!;
        var (number, isRemoved, threadId, title) = (
            rows.GetInt32(1),
            rows.GetBoolean(2),
            rows.GetGuid(3),
            rows.GetString(4)
        );
        var (boardId, board) = (rows.GetGuid(5), rows.GetString(6));
        await rows.CloseAsync();
        if (!reader.Moderates(boardId) || known.AuthorId == reader.MemberId)
        {
            return (CaseRefusals.NoSuchCase, null);
        }

        var (refusal, compared) = await revisions.CompareAsync(
            known.PostId,
            known.Revision,
            null,
            reader,
            cancellation
        );
        if (compared is null)
        {
            return (refusal, null);
        }

        var happened = await EntriesAsync(caseId, cancellation);
        var cards = await names.FindAsync(
            happened.Select(entry => entry.By).Append(known.AuthorId).Append(known.TakenBy ?? known.AuthorId),
            reader,
            cancellation
        );
        return (
            null,
            new CaseView(
                new CaseSummary(
                    known.Id,
                    known.State,
                    known.OpenedAt,
                    known.ClosedAt,
                    known.PostId,
                    number,
                    threadId,
                    title,
                    boardId,
                    board,
                    cards[known.AuthorId],
                    known.ReporterIds.Count,
                    known.Reasons,
                    known.TakenBy is { } by ? cards[by] : null
                ),
                isRemoved,
                compared.From,
                compared.To,
                compared.Diff.Changes,
                [.. happened.Select(entry => entry.Of(cards[entry.By]))]
            )
        );
    }

    private async Task<List<(Guid By, Func<MemberCard, CaseEntry> Of)>> EntriesAsync(
        Guid caseId,
        CancellationToken cancellation
    )
    {
        var entries = new List<(Guid, Func<MemberCard, CaseEntry>)>();
        await using var command = database.CreateCommand(Events);
        command.Parameters.AddWithValue(caseId);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (type, at) = (rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1));
            var reason = await rows.IsDBNullAsync(3, cancellation) ? null : rows.GetString(3);
            int? revision = await rows.IsDBNullAsync(4, cancellation) ? null : rows.GetInt32(4);
            var text = await rows.IsDBNullAsync(5, cancellation) ? null : rows.GetString(5);
            Guid? batch = await rows.IsDBNullAsync(6, cancellation) ? null : rows.GetGuid(6);
            bool? isOverturned = await rows.IsDBNullAsync(7, cancellation) ? null : rows.GetBoolean(7);
            entries.Add(
                (rows.GetGuid(2), by => new CaseEntry(type, at, by, reason, revision, text, batch, isOverturned))
            );
        }

        return entries;
    }
}

public static class GetCaseEndpoint
{
    /// <summary>A case with its reports, notes and decisions, and the post as it was reported beside as it is. For moderators.</summary>
    [WolverineGet("/api/moderation/cases/{caseId}"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(CaseView), 200)]
    [ProducesResponseType(403, Description = "Only moderators see cases.")]
    public static async Task<IResult> Get(Guid caseId, CaseQueries cases, Readers readers, HttpContext http)
    {
        var (refusal, view) = await cases.FindAsync(caseId, await readers.OfAsync(http), http.RequestAborted);
        return view is null ? new Problem(refusal!) : new Tagged<CaseView>(view);
    }
}
