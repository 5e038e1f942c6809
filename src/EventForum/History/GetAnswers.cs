using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>Which text of a post those had in view who wrote after it.</summary>
/// <param name="Replies">How many replies followed it in its thread.</param>
public sealed record PostAnswers(Guid PostId, int Replies, IReadOnlyList<RevisionAnswers> Revisions);

/// <summary>A revision and the replies to it.</summary>
/// <param name="Version">The thread's version that brought it.</param>
/// <param name="EditedAfter">How many replies had been written when this revision came; 0 for the first.</param>
/// <param name="Answers">How many replies were written with this revision in view.</param>
/// <param name="Late">Those of them that were sent when a newer revision had come already.</param>
public sealed record RevisionAnswers(
    int Revision,
    long Version,
    DateTimeOffset At,
    EventActor By,
    string? Reason,
    int EditedAfter,
    int Answers,
    int Late
);

public static class GetAnswersEndpoint
{
    /// <summary>A reply counts for the revision that held at the version that its author had in view.</summary>
    private const string Sql = $"""
        with revisions as (
            select revision, from_version, lead(from_version) over (order by revision) as until
              from (select revision, min(from_version) as from_version
                      from {PostTable.Table} where post_id = $1 group by revision) r),
        replies as (
            select distinct on (number) number, from_version, answered_version
              from {PostTable.Table} where thread_id = $2 and number > $3 order by number, from_version)
        select r.revision,
               count(*) filter (where a.from_version < r.from_version),
               count(*) filter (where a.answered_version >= r.from_version and (until is null or a.answered_version < until)),
               count(*) filter (where a.answered_version >= r.from_version and a.answered_version < until and a.from_version > until),
               count(a.number)
          from revisions r left join replies a on true
         group by r.revision
        """;

    private const string Unedited = $"""
        select 1, 0::bigint, n.replies, 0::bigint, n.replies
          from (select max(number)::bigint - $3 as replies from {PostTable.Table} where thread_id = $2 and $1 is not null) n
        """;

    /// <summary>
    /// How many replies were written to which revision of a post: what they answer may have been edited under them.
    /// </summary>
    [WolverineGet("/api/posts/{postId}/answers"), AllowAnonymous, ProducesResponseType(typeof(PostAnswers), 200)]
    public static async Task<IResult> Get(Guid postId, NpgsqlDataSource database, MemberNames names, HttpContext http)
    {
        var revisions = await ThreadRows.RevisionsAsync(database, postId, http.RequestAborted);
        if (revisions.Count == 0)
        {
            return new Problem(ThreadRefusals.NoSuchPost);
        }

        // A post that was never edited has one text, which everyone answered: nothing needs to be counted.
        await using var command = database.CreateCommand(revisions.Count == 1 ? Unedited : Sql);
        command.Parameters.AddWithValue(postId);
        command.Parameters.AddWithValue(revisions[0].ThreadId);
        command.Parameters.AddWithValue(revisions[0].Number);
        var counts = new Dictionary<int, (int Before, int Answers, int Late, int All)>();
        await using (var reader = await command.ExecuteReaderAsync(http.RequestAborted))
        {
            while (await reader.ReadAsync(http.RequestAborted))
            {
                counts[reader.GetInt32(0)] = (Count(1), Count(2), Count(3), Count(4));

                int Count(int i) => (int)reader.GetInt64(i);
            }
        }

        var cards = await names.FindAsync(revisions.Select(row => row.EditedBy ?? row.AuthorId), http.RequestAborted);
        return new Tagged<PostAnswers>(
            new PostAnswers(
                postId,
                counts[1].All,
                [
                    .. revisions.Select(row =>
                    {
                        var count = counts[row.Revision];
                        var by = row.EditedBy ?? row.AuthorId;
                        return new RevisionAnswers(
                            row.Revision,
                            row.FromVersion,
                            row.EditedAt ?? row.PostedAt,
                            new EventActor(by, cards.GetValueOrDefault(by)?.Name ?? ""),
                            row.EditReason,
                            count.Before,
                            count.Answers,
                            count.Late
                        );
                    }),
                ]
            )
        );
    }
}
