using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>A post by its id, wherever it is.</summary>
/// <param name="Page">The page of its thread that it is on, from 1.</param>
public sealed record PostInThread(Guid ThreadId, int Page, PostView Post);

public static class GetPostEndpoint
{
    /// <summary>A post as it is now, and the page of its thread that it is on.</summary>
    [WolverineGet("/api/posts/{postId}"), AllowAnonymous, ProducesResponseType(typeof(PostInThread), 200)]
    public static async Task<IResult> Get(
        Guid postId,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        PostViews views,
        Readers readers,
        HttpContext http
    )
    {
        if (await ThreadRows.CurrentAsync(database, postId, http.RequestAborted) is not { } row)
        {
            return new Problem(ThreadRefusals.NoSuchPost);
        }

        var posts = await views.ViewAsync([row], Moment.Now, await readers.OfAsync(http), http.RequestAborted);
        return new Tagged<PostInThread>(new PostInThread(row.ThreadId, ThreadPage.PageOf(row.Number), posts[0]));
    }
}

/// <summary>What a quote of a post starts from.</summary>
/// <param name="Text">The post's own words: its text without what it quotes itself.</param>
/// <param name="Format">How these are written: as the post is. A quote of them is shown in this format, whatever the answer's is.</param>
/// <param name="Block">The quote block to put into a body.</param>
public sealed record Quotable(Guid PostId, int Revision, string Author, string Text, PostFormat Format, string Block);

public static class GetQuotableEndpoint
{
    /// <summary>What can be quoted of a post, and the quote block to start an answer from.</summary>
    [WolverineGet("/api/posts/{postId}/quotable"), AllowAnonymous, ProducesResponseType(typeof(Quotable), 200)]
    [ProducesResponseType(409, Description = "The post has been removed, or its words redacted.")]
    public static async Task<IResult> Get(
        Guid postId,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        MemberNames names,
        Readers readers,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        var (refusal, quotable) = await ReadAsync(postId, reader, database, names, http.RequestAborted);
        return quotable is null ? new Problem(refusal!) : new Tagged<Quotable>(quotable);
    }

    internal static async Task<(Refusal? Refusal, Quotable? Quotable)> ReadAsync(
        Guid postId,
        Reader reader,
        NpgsqlDataSource database,
        MemberNames names,
        CancellationToken cancellation
    )
    {
        // A form names the post where no address does.
        if (
            await ThreadRows.CurrentAsync(database, postId, cancellation) is not { } row
            || !(await ThreadAccess.OfAsync(reader, [row.ThreadId], database, cancellation)).Sees(row.ThreadId)
        )
        {
            return (ThreadRefusals.NoSuchPost, null);
        }

        if (row.RemovedAt is not null)
        {
            return (ThreadRefusals.PostRemoved, null);
        }

        if (row.Mask is not null)
        {
            return (ThreadRefusals.PostRedacted, null);
        }

        var author = (await names.FindAsync([row.AuthorId], reader, cancellation))[row.AuthorId].Name;
        var text = OwnWords.Of(row.Body, row.Format).Text(0, row.Body.Length);
        return (
            null,
            new Quotable(postId, row.Revision, author, text, row.Format, QuoteExpansion.Block(author, postId, text))
        );
    }
}
