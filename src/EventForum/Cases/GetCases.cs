using System.Globalization;
using System.Text.Json;
using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;
using Wolverine.Http;

namespace EventForum.Cases;

/// <summary>Cases of the boards that who asks moderates.</summary>
/// <param name="Next">
/// The <c>after</c> of the next page; null on the last. A page may be short, even empty, before the end: each looks at up to
/// 500 cases of all boards.
/// </param>
public sealed record CaseList(IReadOnlyList<CaseSummary> Cases, string? Next);

/// <summary>A case in a list.</summary>
/// <param name="Number">The post's number in its thread.</param>
/// <param name="Title">The title of the thread that the post is in now.</param>
/// <param name="Reports">How many members reported the post.</param>
/// <param name="Reasons">The reasons that they gave, each once.</param>
/// <param name="TakenBy">Who works on it; null for nobody.</param>
/// <param name="ClosedAt">When it was decided last; null while it waits for a moderator.</param>
public sealed record CaseSummary(
    Guid CaseId,
    CaseState State,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    Guid PostId,
    int Number,
    Guid ThreadId,
    string Title,
    Guid BoardId,
    string Board,
    MemberCard Author,
    int Reports,
    IReadOnlyList<string> Reasons,
    MemberCard? TakenBy
);

/// <summary>A place in a list of cases: clients pass it on without looking into it.</summary>
public sealed record CaseCursor(DateTimeOffset At, Guid Id)
{
    public override string ToString() => $"{At.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{Id:N}";

    public static CaseCursor? Parse(string text) =>
        text.Split('-') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
        && t <= DateTimeOffset.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new CaseCursor(new DateTimeOffset(t, TimeSpan.Zero), guid)
            : null;
}

/// <summary>Reads the moderators' queue.</summary>
public sealed class CaseQueue([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database, MemberNames names)
{
    public const string Open = "open";
    public const string Mine = "mine";
    public const string ClosedOnes = "closed";

    /// <summary>How many cases a page looks at for those that its reader moderates.</summary>
    private const int Looked = 500;

    /// <summary>Both orders stand in an index: the cost follows what is open, or a page.</summary>
    private static string Sql(bool isClosed) =>
        $"""
            select c.data, p.number, t.id, t.data ->> 'title', b.id, b.data ->> 'name'
              from (select * from {MartenTables.Documents}case
                     where closed_at is {(isClosed ? "not null" : "null")}
                       and ({At(isClosed)}, id) {(isClosed ? "<" : ">")} ($1, $2)
                       and ($3::uuid is null or (data ->> 'takenBy')::uuid = $3)
                     order by {At(isClosed)} {(isClosed ? "desc, id desc" : ", id")} limit $4) c
             cross join lateral (select thread_id, number from {PostTable.Table} where post_id = c.post_id {PostTable.Newest}) p
              join {MartenTables.Documents}forumthread t on t.id = p.thread_id
              join {MartenTables.Documents}board b on b.id = (t.data ->> 'boardId')::uuid
             order by c.{At(isClosed)} {(isClosed ? "desc, c.id desc" : ", c.id")}
            """;

    /// <param name="state">open, mine or closed.</param>
    /// <param name="boardId">Only of this board; null for all.</param>
    public async Task<CaseList> ReadAsync(
        string state,
        Guid? boardId,
        CaseCursor? after,
        int limit,
        Reader reader,
        CancellationToken cancellation
    )
    {
        var isClosed = state == ClosedOnes;
        if (state == Mine && reader.MemberId is null)
        {
            return new CaseList([], null);
        }

        await using var command = database.CreateCommand(Sql(isClosed));
        // Before and behind all: a condition that may be left out would not be looked up in the index.
        command.Parameters.AddWithValue(after?.At ?? (isClosed ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue));
        command.Parameters.AddWithValue(after?.Id ?? Guid.Empty);
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = state == Mine ? reader.MemberId!.Value : DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Uuid,
            }
        );
        command.Parameters.AddWithValue(Looked);
        var found = new List<(Case Case, int Number, Guid ThreadId, string Title, Guid BoardId, string Board)>();
        var (looked, isMore) = (0, false);
        Case? last = null;
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (!isMore && await rows.ReadAsync(cancellation))
            {
                var known = JsonSerializer.Deserialize<Case>(rows.GetString(0), JsonSerializerOptions.Web)!;
                var board = rows.GetGuid(4);
                looked++;
                // Who reported a post is not told to its author, whoever that is.
                if (
                    reader.Moderates(board)
                    && (boardId is null || board == boardId)
                    && known.AuthorId != reader.MemberId
                )
                {
                    if (found.Count == limit)
                    {
                        isMore = true;
                        break;
                    }

                    found.Add((known, rows.GetInt32(1), rows.GetGuid(2), rows.GetString(3), board, rows.GetString(5)));
                }

                last = known;
            }
        }

        var cards = await names.FindAsync(
            found.SelectMany(one => new[] { one.Case.AuthorId, one.Case.TakenBy ?? one.Case.AuthorId }),
            reader,
            cancellation
        );
        return new CaseList(
            [
                .. found.Select(one => new CaseSummary(
                    one.Case.Id,
                    one.Case.State,
                    one.Case.OpenedAt,
                    one.Case.ClosedAt,
                    one.Case.PostId,
                    one.Number,
                    one.ThreadId,
                    one.Title,
                    one.BoardId,
                    one.Board,
                    cards[one.Case.AuthorId],
                    one.Case.ReporterIds.Count,
                    one.Case.Reasons,
                    one.Case.TakenBy is { } by ? cards[by] : null
                )),
            ],
            (isMore || looked == Looked) && last is not null
                ? new CaseCursor(isClosed ? last.ClosedAt!.Value : last.OpenedAt, last.Id).ToString()
                : null
        );
    }

    private static string At(bool isClosed) => isClosed ? "closed_at" : "opened_at";
}

public static class GetCasesEndpoint
{
    private static readonly Refusal StateUnknown = new(
        422,
        "case-state-unknown",
        "There is no such list of cases.",
        "Ask for the state open, mine or closed."
    );

    /// <summary>
    /// What waits for a moderator, the oldest first: reported posts, and appeals. For moderators, of the boards that they
    /// moderate. Cases about posts of their own are left out.
    /// </summary>
    /// <param name="state">open, also without it; mine: open, and taken by who asks; closed: what is decided, the last one first.</param>
    /// <param name="boardId">Only of this board.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    /// <param name="limit">How many cases, from 1 to 100; 50 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/moderation/cases"), AllowAnonymous, ProducesResponseType(typeof(CaseList), 200)]
    [ProducesResponseType(400, Description = "after is no cursor.")]
    [ProducesResponseType(403, Description = "Only moderators see cases.")]
    [ProducesResponseType(422, Description = "There is no such list.")]
    public static async Task<IResult> Get(
        string? state,
        Guid? boardId,
        string? after,
        int? limit,
        CaseQueue queue,
        Readers readers,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        var (refusal, cursor) = Asked(reader, state, after);
        return refusal is not null
            ? new Problem(refusal)
            : new Tagged<CaseList>(
                await queue.ReadAsync(
                    state ?? CaseQueue.Open,
                    boardId,
                    cursor,
                    Math.Clamp(limit ?? 50, 1, 100),
                    reader,
                    http.RequestAborted
                )
            );
    }

    internal static (Refusal? Refusal, CaseCursor? Cursor) Asked(Reader reader, string? state, string? after)
    {
        var cursor = after is null ? null : CaseCursor.Parse(after);
        return !reader.IsModerator ? (ThreadRefusals.ModeratorsOnly, null)
            : state is not (null or CaseQueue.Open or CaseQueue.Mine or CaseQueue.ClosedOnes) ? (StateUnknown, null)
            : after is not null && cursor is null ? (Refusal.BadCursor, null)
            : (null, cursor);
    }
}
