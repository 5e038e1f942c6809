using System.Text.Json.Nodes;
using EventForum.Access;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Audit;

/// <summary>Something that the forum holds about a person.</summary>
/// <param name="Kind">
/// <c>member</c>: who the person is here, the first line; <c>event</c>: what the person did, and what others did to the person's
/// membership, in the order of positions; <c>answer</c>: an answer that is kept for a retry of a command, by its key.
/// </param>
/// <param name="Type">The event's type, such as reply_posted; null for another kind.</param>
/// <param name="At">When it happened.</param>
/// <param name="IsOwn">Whether the person did it. Who else did is not said: it is about another person.</param>
/// <param name="StreamId">The thread, the board, the member, the case or the batch.</param>
/// <param name="Data">As it is stored.</param>
public sealed record HeldRecord(
    string Kind,
    long? Position,
    string? Type,
    DateTimeOffset? At,
    bool IsOwn,
    Guid? StreamId,
    JsonNode? Data
);

/// <summary>Everything that is held about a person, to hand out.</summary>
public sealed class MemberData([FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database, ReadDatabase reads)
{
    private const int PageSize = 500;

    private const string Events = $"""
        select e.position, e.type, e.timestamp, e.user_name = $1::text, e.stream_id, e.data::text, e.headers::text
          from {MartenTables.Events} e
         where (e.user_name = $1::text or e.stream_id = $1)
         order by e.position
        """;

    private const string Answers =
        $"select id, data ->> 'streamId' from {MartenTables.Documents}givenanswer where starts_with(id, $1) order by id";

    /// <summary>Null when there is no such member.</summary>
    public async Task<IAsyncEnumerable<IReadOnlyList<HeldRecord>>?> OfAsync(
        Guid memberId,
        CancellationToken cancellation
    )
    {
        await using var opened = await reads.OpenSessionAsync(cancellation);
        return memberId != Guid.Empty && await opened.Query.LoadAsync<Member>(memberId, cancellation) is { } member
            ? PagesAsync(member, cancellation)
            : null;
    }

    private async IAsyncEnumerable<IReadOnlyList<HeldRecord>> PagesAsync(
        Member member,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var who = new JsonObject
        {
            ["id"] = member.Id.ToString(),
            ["name"] = member.Name,
            ["subject"] = member.Subject,
            ["title"] = member.GrantedTitle,
            ["roles"] = new JsonArray([
                .. (member.Roles?.GrantedRoles ?? [])
                    .Concat(member.Roles?.TokenRoles ?? [])
                    .Distinct(StringComparer.Ordinal)
                    .Select(role => JsonValue.Create(role)),
            ]),
        };
        yield return [new HeldRecord("member", null, null, null, true, member.Id, who)];

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var page = new List<HeldRecord>(PageSize);
        await using (var read = new NpgsqlCommand(Events, connection) { CommandTimeout = 0 })
        {
            read.Parameters.AddWithValue(member.Id);
            await using var rows = await read.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var isOwn = !await rows.IsDBNullAsync(3, cancellation) && rows.GetBoolean(3);
                var data = JsonNode.Parse(rows.GetString(5))!;
                WithoutOthers(data, member.Id);
                if (
                    isOwn
                    && !await rows.IsDBNullAsync(6, cancellation)
                    && JsonNode.Parse(rows.GetString(6))?["import"] is { } import
                )
                {
                    data["import"] = import.DeepClone();
                }

                page.Add(
                    new HeldRecord(
                        "event",
                        rows.GetInt64(0),
                        rows.GetString(1),
                        rows.GetFieldValue<DateTimeOffset>(2),
                        isOwn,
                        rows.GetGuid(4),
                        data
                    )
                );
                if (page.Count == PageSize)
                {
                    yield return page;
                    page = new List<HeldRecord>(PageSize);
                }
            }
        }

        await using (var read = new NpgsqlCommand(Answers, connection) { CommandTimeout = 0 })
        {
            var prefix = GivenAnswer.PrefixOf(member.Subject);
            read.Parameters.AddWithValue(prefix);
            await using var rows = await read.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var key = new JsonObject { ["idempotencyKey"] = rows.GetString(0)[prefix.Length..] };
                page.Add(new HeldRecord("answer", null, null, null, true, Guid.Parse(rows.GetString(1)), key));
            }
        }

        yield return page;
    }

    /// <summary>Who decided about the person is another person.</summary>
    private static void WithoutOthers(JsonNode node, Guid member)
    {
        if (node is JsonArray array)
        {
            foreach (var one in array.OfType<JsonNode>())
            {
                WithoutOthers(one, member);
            }
        }
        else if (node is JsonObject facts)
        {
            if (facts["by"]?.ToString() is { } by && by != member.ToString())
            {
                facts.Remove("by");
            }

            foreach (var (_, value) in facts)
            {
                if (value is not null)
                {
                    WithoutOthers(value, member);
                }
            }
        }
    }
}

public static class GetMyDataEndpoint
{
    /// <summary>
    /// Everything that the forum holds about who asks, as JSON Lines: the membership, what the person did in the order of
    /// positions with all that was written, what was decided about the person, and answers that are kept for retries.
    /// </summary>
    [WolverineGet("/api/me/data"), Authorize, DearRead]
    [ProducesResponseType(typeof(HeldRecord), 200, "application/jsonl")]
    [ProducesResponseType(404, Description = "Who asks is no member yet: nothing is held.")]
    public static Task<IResult> Get(MemberData data, HttpContext http) =>
        GetMemberDataEndpoint.AnswerAsync(Reader.Of(http).MemberId ?? Guid.Empty, data, http);
}

public static class GetMemberDataEndpoint
{
    /// <summary>Everything that the forum holds about a member, for admins to hand out: what <c>GET /api/me/data</c> gives the person.</summary>
    [WolverineGet("/api/members/{memberId}/data"), Authorize(Roles = Role.Admin), DearRead]
    [ProducesResponseType(typeof(HeldRecord), 200, "application/jsonl")]
    public static Task<IResult> Get(Guid memberId, MemberData data, HttpContext http) =>
        AnswerAsync(memberId, data, http);

    internal static async Task<IResult> AnswerAsync(Guid memberId, MemberData data, HttpContext http) =>
        await data.OfAsync(memberId, http.RequestAborted) is { } pages
            ? new RowFile<HeldRecord>($"member-{memberId}", RowForm.JsonLines, pages)
            : new Problem(MemberName.NoSuchMember);
}
