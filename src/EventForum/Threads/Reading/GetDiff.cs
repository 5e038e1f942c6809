using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>The word differences between two revisions of a post.</summary>
/// <param name="Changes">In order; same and removed words make up the one, same and added words the other.</param>
public sealed record RevisionDiff(Guid PostId, int From, int To, IReadOnlyList<WordChange> Changes)
{
    /// <summary>The text of one of the two is not known, and so is how they differ. Left out where it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unknown { get; init; }
}

/// <param name="Kind">same, added or removed.</param>
public sealed record WordChange(string Kind, string Text);

/// <summary>Two revisions of a post side by side.</summary>
/// <param name="Count">How many revisions the post has.</param>
public sealed record ComparedRevisions(RevisionView From, RevisionView To, RevisionDiff Diff, int Count);

public static class GetDiffEndpoint
{
    /// <summary>How the words of two revisions differ; without <c>from</c> and <c>to</c>, of the last two.</summary>
    /// <param name="from">A revision of the post, from 1; without it, the one before the last.</param>
    /// <param name="to">A revision of the post, from 1; without it, the last one.</param>
    [WolverineGet("/api/posts/{postId}/diff"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(RevisionDiff), 200)]
    [ProducesResponseType(409, Description = "The post has been removed.")]
    public static async Task<IResult> Get(
        Guid postId,
        int? from,
        int? to,
        PostRevisions revisions,
        Readers readers,
        HttpContext http
    )
    {
        var (refusal, compared) = await revisions.CompareAsync(
            postId,
            from,
            to,
            await readers.OfAsync(http),
            http.RequestAborted
        );
        return refusal is not null ? new Problem(refusal) : new Tagged<RevisionDiff>(compared!.Diff);
    }
}
