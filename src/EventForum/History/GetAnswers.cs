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
/// <param name="Next">Pass it as <c>after</c> to go on: of a post with many revisions, 500 are listed at once; null at the end.</param>
public sealed record PostAnswers(Guid PostId, int Replies, IReadOnlyList<RevisionAnswers> Revisions, int? Next);

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
    /// <summary>Without their texts, which nobody reads here.</summary>
    private const string Revisions = $"""
        select distinct on (revision) revision, from_version, coalesce(edited_at, posted_at),
               coalesce(edited_by, author_id), case when revision > $2 and revision <= $2 + $3 then edit_reason end,
               thread_id, number
          from {PostTable.Table} where post_id = $1 order by revision, position
        """;

    /// <summary>
    /// How many replies were written with a revision in view, by the revision that held when they came: all numbers come
    /// from one pass over the replies, however often the post was edited.
    /// </summary>
    private const string Replies = $"""
        select coalesce(width_bucket(answered_version, $3), 0), width_bucket(from_version, $3), count(*)
          from (select distinct on (number) answered_version, from_version from {PostTable.Table}
                 where thread_id = $1 and number > $2 and revision = 1 and from_at = posted_at
                 order by number, from_version) r
         group by 1, 2
        """;

    /// <summary>
    /// A post that was never edited has one text, which everyone answered: nothing needs to be counted, unless posts of
    /// other threads have come.
    /// </summary>
    private const string Unedited = $"""
        select 1, 1, case when exists (select from {HeaderTable.Table} where thread_id = $1 and numbers_version is not null)
                          then (select count(distinct number) from {PostTable.Table}
                                 where thread_id = $1 and number > $2 and revision = 1 and from_at = posted_at)
                          else (select max(number)::bigint - $2 from {PostTable.Table} where thread_id = $1) end
         where cardinality($3) = 1
        """;

    /// <summary>
    /// How many replies were written to which revision of a post: what they answer may have been edited under them.
    /// </summary>
    /// <param name="after">The <c>next</c> of the page before: a revision; without it, the list begins.</param>
    [WolverineGet("/api/posts/{postId}/answers"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(PostAnswers), 200)]
    public static async Task<IResult> Get(
        Guid postId,
        int? after,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        MemberNames names,
        Readers readers,
        HttpContext http
    )
    {
        var start = Math.Max(0, after ?? 0);
        var cancellation = http.RequestAborted;
        var revisions = new List<RevisionAnswers>();
        Guid threadId = default;
        var number = 0;
        await using (var command = database.CreateCommand(Revisions))
        {
            command.Parameters.AddWithValue(postId);
            command.Parameters.AddWithValue((long)start);
            command.Parameters.AddWithValue(Bounds.Revisions);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var by = new EventActor(rows.GetGuid(3), "");
                var reason = rows.IsDBNull(4) ? null : rows.GetString(4);
                var at = rows.GetFieldValue<DateTimeOffset>(2);
                revisions.Add(new(rows.GetInt32(0), rows.GetInt64(1), at, by, reason, 0, 0, 0));
                (threadId, number) = (rows.GetGuid(5), rows.GetInt32(6));
            }
        }

        if (revisions.Count == 0)
        {
            return new Problem(ThreadRefusals.NoSuchPost);
        }

        var reader = await readers.OfAsync(http);
        var isHidden =
            !(await ThreadAccess.OfAsync(reader, [threadId], database, cancellation)).Moderates(threadId)
            && (await ThreadRows.NowAsync(database, [postId], cancellation))[postId].IsRemoved;
        // By revision; 0 is before the first.
        var answers = new int[revisions.Count + 1];
        var late = new int[revisions.Count + 1];
        var came = new int[revisions.Count + 1];
        await using (var command = database.CreateCommand(revisions.Count == 1 ? Unedited : Replies))
        {
            command.Parameters.AddWithValue(threadId);
            command.Parameters.AddWithValue(number);
            command.Parameters.AddWithValue(revisions.Select(revision => revision.Version).ToArray());
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var (inView, held, count) = (rows.GetInt32(0), rows.GetInt32(1), (int)rows.GetInt64(2));
                answers[inView] += count;
                late[inView] += held > inView ? count : 0;
                came[held] += count;
            }
        }

        var listed = revisions.Skip(start).Take(Bounds.Revisions);
        var cards = await names.FindAsync(listed.Select(revision => revision.By.Id), reader, cancellation);
        var replies = 0;
        for (var i = 0; i < revisions.Count; i++)
        {
            var revision = revisions[i];
            revisions[i] = revision with
            {
                Reason = isHidden ? null : revision.Reason,
                By = EventActor.Of(revision.By.Id, cards),
                EditedAfter = replies,
                Answers = answers[i + 1],
                Late = late[i + 1],
            };
            replies += came[i + 1];
        }

        return new Tagged<PostAnswers>(
            new PostAnswers(
                postId,
                replies,
                [.. listed],
                start + Bounds.Revisions < revisions.Count ? start + Bounds.Revisions : null
            )
        );
    }
}
