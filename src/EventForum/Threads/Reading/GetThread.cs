using System.Buffers;
using System.Text.Json;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

public static class GetThreadEndpoint
{
    internal static readonly Refusal NoSuchPage = new(
        404,
        "page-not-found",
        "The thread has no such page.",
        "Pages run from 1 to pageCount."
    );

    private static readonly Refusal NoSuchOrder = new(
        400,
        "order-unknown",
        "Posts cannot be read in this order.",
        "Send order=tree for the order of answers, or order=number, or none."
    );

    /// <summary>The order that a query names; null where it is none.</summary>
    internal static PostOrder? ReadOrder(string? order) =>
        order switch
        {
            null or "" or "number" => PostOrder.Number,
            "tree" => PostOrder.Tree,
            _ => null,
        };

    /// <summary>
    /// A page of the thread, as JSON or, with <c>Accept: text/plain</c>, for reading: as it is, as of a version or a
    /// time, or as it would be without some of what happened in it. Few of the last are worked out at once: beyond that, 503
    /// with the type <c>busy</c> and Retry-After.
    /// </summary>
    /// <param name="page">From 1, the default, to the pageCount of an answer: 20 posts a page.</param>
    /// <param name="version">The thread as it was when this version, from 1 to the newest, had just come. Without it and <c>at</c>, as it is now; only one of the two.</param>
    /// <param name="at">The thread as it was then. A time as RFC 3339 has it, such as 2026-01-31T12:00:00Z, or a date, which is its beginning; UTC where it names no zone. A time to come is now.</param>
    /// <param name="without">What is left out of the thread, as if it had never happened: member:NAME, event:VERSION or post:ID. May be repeated, up to 50 times.</param>
    /// <param name="order">number, the default, or tree: each post before those that answer it, with its <c>depth</c>. A page has 20 posts in either.</param>
    [WolverineGet("/api/threads/{threadId}"), AllowAnonymous, ProducesResponseType(typeof(ThreadPage), 200)]
    [ProducesResponseType(typeof(string), 200, "text/plain"), DearRead("without")]
    [ProducesResponseType(307, Description = "All its posts are in another thread.")]
    public static async Task<IResult> Get(
        Guid threadId,
        int? page,
        long? version,
        string? at,
        string[] without,
        string? order,
        [FromQuery(Name = "min-position")] long? minPosition,
        ThreadPages pages,
        WhatIfPages whatIfs,
        Moments moments,
        ThreadPresence presence,
        ViewFreshness freshness,
        Readers readers,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        if (await freshness.WaitAsync(minPosition, http.RequestAborted, MemberNames.ViewsFor(reader)) is { } refusal)
        {
            return new Problem(refusal);
        }

        if (ReadOrder(order) is not { } inOrder)
        {
            return new Problem(NoSuchOrder);
        }

        // The page finds the time of its version itself.
        var (unknown, moment) =
            version is { } wanted && at is null && without.Length == 0
                ? (null, new Moment(wanted, null))
                : await moments.FindAsync(threadId, version, at, http.RequestAborted);
        if (unknown is not null)
        {
            return new Problem(unknown);
        }

        if (without.Length > 0 && page is null or >= 1)
        {
            var (refused, whatIf) = await whatIfs.ReadAsync(
                threadId,
                page ?? 1,
                without,
                moment,
                reader,
                http.RequestAborted,
                inOrder
            );
            return refused is not null ? new Problem(refused)
                : whatIf is null ? new Problem(ThreadRefusals.NoSuchThread)
                : whatIf.Posts.Count == 0 && page > 1 ? new Problem(NoSuchPage)
                : new Supposed(whatIf, PlainTextWanted(http));
        }

        var read = page is < 1
            ? null
            : await pages.ReadAsync(
                threadId,
                page ?? 1,
                reader,
                http.RequestAborted,
                moment,
                fresh: minPosition is not null,
                inOrder
            );
        if (read is null)
        {
            return new Problem(
                page is < 1 ? NoSuchPage
                : version is null ? ThreadRefusals.NoSuchThread
                : await moments.NoVersionAsync(threadId, http.RequestAborted)
            );
        }

        if (read.Page.MovedTo is { } elsewhere && moment is null)
        {
            var access = await ThreadAccess.OfAsync(reader, [elsewhere], database, http.RequestAborted);
            return access.Sees(elsewhere)
                ? TypedResults.Redirect($"/api/threads/{elsewhere}", permanent: false, preserveMethod: true)
                : new Problem(ThreadRefusals.NoSuchThread);
        }

        if (read.Page.Posts.Count == 0 && (page ?? 1) > read.Page.PageCount)
        {
            return new Problem(NoSuchPage);
        }

        return PlainTextWanted(http) ? new PlainThread(read.Page)
            : moment is not null ? new Past(read)
            : new PageWithViewers(read, presence.Of(threadId));
    }

    private static bool PlainTextWanted(HttpContext http) =>
        http.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault()
            is { MediaType.Value: "text/plain", Quality: null or > 0 };

    private sealed class PlainThread(ThreadPage page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Vary = "Accept";
            return ETags.WriteAsync(httpContext, ThreadText.Of(page), "text/plain; charset=utf-8");
        }
    }

    /// <summary>What never was is nothing to keep.</summary>
    private sealed class Supposed(ThreadPage page, bool asText) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Vary = "Accept";
            httpContext.Response.Headers.CacheControl = Caching.Never;
            return asText
                ? Results.Bytes(ThreadText.Of(page), "text/plain; charset=utf-8").ExecuteAsync(httpContext)
                : Results.Json(page, Wire.Json).ExecuteAsync(httpContext);
        }
    }

    private sealed class Past(ReadPage read) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Vary = "Accept";
            return ETags.WriteAsync(httpContext, read.Json, "application/json; charset=utf-8", read.Tag);
        }
    }

    /// <summary>The kept bytes with the viewers put in front: those change without the thread changing.</summary>
    private sealed class PageWithViewers(ReadPage read, Viewers viewers) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.Headers.Vary = "Accept";
            response.Headers.ETag = "W/" + read.Tag;
            if (ETags.Matches(httpContext, read.Tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            var front = JsonSerializer.SerializeToUtf8Bytes(new { viewers }, Wire.Json);
            front[^1] = (byte)',';
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = front.Length + read.Json.Length - 1;
            response.BodyWriter.Write(front);
            response.BodyWriter.Write(read.Json.AsSpan(1));
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
