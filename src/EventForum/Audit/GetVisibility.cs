using EventForum.History;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Audit;

/// <summary>What is asked of a post: who could read it, or whether somebody could, and when.</summary>
/// <param name="Member">A name or an id; null or empty for none.</param>
/// <param name="At">A time, as the query has it.</param>
public sealed record VisibilityQuestion(Guid PostId, string? Member, bool IsGuest, string? At, long? Position);

/// <summary>Answers who asks for a post's visibility, by HTTP or on a page.</summary>
public sealed class VisibilityAnswers(
    StorySubjects subjects,
    Visibilities visibilities,
    ThreadHistory history,
    Readers readers,
    TimeProvider clock
)
{
    private static readonly Refusal OneMoment = new(
        400,
        "moment-ambiguous",
        "There are two moments.",
        "Send either at or position."
    );

    private static readonly Refusal OneReader = new(
        400,
        "reader-ambiguous",
        "There are two readers.",
        "Send either member or guest; without both, the answer says who could read the post."
    );

    private static readonly Refusal Before = new(
        404,
        "position-not-found",
        "Nothing had happened by then.",
        "Positions begin at 1."
    );

    public async Task<(Refusal? Refusal, StorySubject? Post, Visibility? Answer)> OfAsync(
        VisibilityQuestion question,
        HttpContext http
    )
    {
        var (reader, cancellation) = (await readers.OfAsync(http), http.RequestAborted);
        var (refusal, post) = await subjects.FindAsync("post", question.PostId, reader, cancellation);
        var (noTime, at) = Moments.ReadTime(question.At);
        refusal ??=
            noTime is not null ? noTime
            : at is not null && question.Position is not null ? OneMoment
            : !string.IsNullOrEmpty(question.Member) && question.IsGuest ? OneReader
            : null;
        if (refusal is not null)
        {
            return (refusal, post, null);
        }

        (refusal, var asked) = await history.FilterAsync(Guid.Empty, null, question.Member, null, cancellation);
        var moment = await visibilities.MomentAsync(at, question.Position, clock.GetUtcNow(), cancellation);
        if ((refusal ?? (moment is null ? Before : null)) is { } no)
        {
            return (no, post, null);
        }

        Guid? memberId = Guid.TryParse(asked.Actor, out var id) ? id : null;
        (refusal, var answer) = await visibilities.FindAsync(
            question.PostId,
            memberId,
            isOpen: memberId is null && !question.IsGuest,
            moment!,
            reader,
            cancellation
        );
        return (refusal, post, answer);
    }
}

public static class GetVisibilityEndpoint
{
    /// <summary>
    /// Whether a member, or a guest, could read a post at a time, and the facts that decided it, each with its event: the board's
    /// permissions then, the member's roles, the post's place and state. Without a reader it says who could. For who
    /// moderates the board that the post was in then, and the one that it is in; roles are named to admins. It is answered from events alone.
    /// </summary>
    /// <param name="post">The post's id.</param>
    /// <param name="member">A member's name, whatever its case, or its id.</param>
    /// <param name="guest">true for somebody who had not signed in.</param>
    /// <param name="at">A time, as in 2026-01-31T12:00:00Z, or a date, which is its beginning; now without it.</param>
    /// <param name="position">In place of a time, a position: what had happened up to there.</param>
    [WolverineGet("/api/audit/visibility"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(Visibility), 200)]
    [ProducesResponseType(400, Description = "There are two moments, or two readers, or this is not a time.")]
    [ProducesResponseType(404, Description = "There is no such post or member, or nothing had happened by then.")]
    [ProducesResponseType(403, Description = "Only moderators ask, each about what was in their boards.")]
    public static async Task<IResult> Get(
        Guid? post,
        string? member,
        bool? guest,
        string? at,
        long? position,
        VisibilityAnswers answers,
        HttpContext http
    )
    {
        var (refusal, _, answer) = await answers.OfAsync(
            new VisibilityQuestion(post ?? Guid.Empty, member, guest == true, at, position),
            http
        );
        return answer is null ? new Problem(refusal!) : new Tagged<Visibility>(answer);
    }
}
