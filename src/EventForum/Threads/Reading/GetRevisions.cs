using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>A post's text as it was.</summary>
/// <param name="Revision">From 1.</param>
/// <param name="Version">The thread's version that brought it.</param>
/// <param name="Body">Markdown with quote blocks.</param>
public sealed record RevisionView(
    int Revision,
    long Version,
    MemberCard By,
    DateTimeOffset At,
    string? Reason,
    string Body
);

/// <summary>The word differences between two revisions of a post.</summary>
/// <param name="Changes">In order; same and removed words make up the one, same and added words the other.</param>
public sealed record RevisionDiff(Guid PostId, int From, int To, IReadOnlyList<WordChange> Changes);

/// <param name="Kind">same, added or removed.</param>
public sealed record WordChange(string Kind, string Text);

/// <summary>Reads a post's revisions out of its rows.</summary>
public sealed class PostRevisions(NpgsqlDataSource database, PostViews views)
{
    /// <summary>Null when the reader may not see them: the post is removed, or there is none.</summary>
    public async Task<(Refusal? Refusal, IReadOnlyList<RevisionView> Revisions)> ReadAsync(
        Guid postId,
        bool seesRemoved,
        CancellationToken cancellation
    )
    {
        var rows = await ThreadRows.RevisionsAsync(database, postId, cancellation);
        if (rows.Count == 0)
        {
            return (ThreadRefusals.NoSuchPost, []);
        }

        if (rows[^1].IsRemovedNow && !seesRemoved)
        {
            return (ThreadRefusals.PostRemoved, []);
        }

        var posts = await views.ViewAsync(rows, Moment.Now, true, cancellation);
        return (
            null,
            [
                .. rows.Zip(
                    posts,
                    (row, post) =>
                        new RevisionView(
                            post.Revision,
                            row.FromVersion,
                            post.EditedBy ?? post.Author,
                            post.EditedAt ?? post.PostedAt,
                            post.EditReason,
                            post.Body!
                        )
                ),
            ]
        );
    }

    public static RevisionDiff Diff(Guid postId, RevisionView from, RevisionView to) =>
        new(postId, from.Revision, to.Revision, Words(from.Body, to.Body));

    public static IReadOnlyList<WordChange> Words(string before, string after) =>
        [
            .. WordDiff
                .Between(before, after)
                .Select(part => new WordChange(part.Kind.ToString().ToLowerInvariant(), part.Text)),
        ];
}

public static class GetRevisionsEndpoint
{
    /// <summary>Every text that a post had, the first one first, with who changed it and why.</summary>
    [
        WolverineGet("/api/posts/{postId}/revisions"),
        AllowAnonymous,
        ProducesResponseType(typeof(IEnumerable<RevisionView>), 200)
    ]
    [ProducesResponseType(409, Description = "The post has been removed.")]
    public static async Task<IResult> Get(Guid postId, PostRevisions revisions, HttpContext http)
    {
        var (refusal, read) = await revisions.ReadAsync(
            postId,
            GetThreadEndpoint.SeesRemoved(http),
            http.RequestAborted
        );
        return refusal is not null ? new Problem(refusal) : new Tagged<IReadOnlyList<RevisionView>>(read);
    }
}

public static class GetDiffEndpoint
{
    internal static readonly Refusal NoSuchRevision = new(
        404,
        "revision-not-found",
        "The post has no such revision.",
        "GET /api/posts/{id}/revisions lists them; without from and to, the last two are compared."
    );

    /// <summary>How the words of two revisions differ; without <c>from</c> and <c>to</c>, of the last two.</summary>
    /// <param name="from">A revision of the post, from 1; without it, the one before the last.</param>
    /// <param name="to">A revision of the post, from 1; without it, the last one.</param>
    [WolverineGet("/api/posts/{postId}/diff"), AllowAnonymous, ProducesResponseType(typeof(RevisionDiff), 200)]
    [ProducesResponseType(409, Description = "The post has been removed.")]
    public static async Task<IResult> Get(Guid postId, int? from, int? to, PostRevisions revisions, HttpContext http)
    {
        var (refusal, read) = await revisions.ReadAsync(
            postId,
            GetThreadEndpoint.SeesRemoved(http),
            http.RequestAborted
        );
        if (refusal is not null)
        {
            return new Problem(refusal);
        }

        var last = to ?? read.Count;
        var first = from ?? Math.Max(1, last - 1);
        return first < 1 || last < 1 || first > read.Count || last > read.Count
            ? new Problem(NoSuchRevision)
            : new Tagged<RevisionDiff>(PostRevisions.Diff(postId, read[first - 1], read[last - 1]));
    }
}
