using EventForum.Access;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>What an open page is sent.</summary>
/// <param name="Version">The thread's version now.</param>
/// <param name="LastNumber">The number of its newest post.</param>
public sealed record ThreadNews(long Version, int LastNumber, Viewers Viewers);

public static class WatchThreadEndpoint
{
    /// <summary>
    /// Server-sent events: a <c>thread</c> event at once and at every change. Who listens is counted as viewing. Many may
    /// hear of a change in the same moment: who then reads the page again should wait a while by chance.
    /// </summary>
    [WolverineGet("/api/threads/{threadId}/live"), AllowAnonymous]
    [ProducesResponseType(typeof(ThreadNews), 200, "text/event-stream")]
    public static async Task<IResult> Get(
        Guid threadId,
        WatchedThreads threads,
        ThreadPresence presence,
        MemberDirectory members,
        TimeProvider clock,
        Readers readers,
        HiddenBoards hiddenBoards,
        HttpContext http
    )
    {
        if (await threads.FindAsync(threadId, http.RequestAborted) is not { } state)
        {
            return new Problem(ThreadRefusals.NoSuchThread);
        }

        // From now on the directory knows the member.
        await members.FindAsync(http);
        var reader = await readers.OfAsync(http);
        return new EventStream(
            async (writer, ended) =>
            {
                using var watch = threads.Join(threadId, state);
                await SendAsync(writer, watch, threadId, presence, members, clock, hiddenBoards, reader, http, ended);
            }
        );
    }

    private static async Task SendAsync(
        EventStream.Writer writer,
        WatchedThreads.Watch watch,
        Guid threadId,
        ThreadPresence presence,
        MemberDirectory members,
        TimeProvider clock,
        HiddenBoards hiddenBoards,
        Reader reader,
        HttpContext http,
        CancellationToken ended
    )
    {
        ThreadNews? sent = null;
        var spokeAt = clock.GetTimestamp();
        while (!ended.IsCancellationRequested && await hiddenBoards.StillSeesAsync(reader, threadId, ended) is not null)
        {
            presence.Seen(threadId, http, members.Find(http));
            var (state, change) = watch.Look();
            var news = new ThreadNews(state.Version, state.LastNumber, presence.Of(threadId));
            if (sent is null || !Same(sent, news))
            {
                writer.Write(news.Version, news, "thread");
                (sent, spokeAt) = (news, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(spokeAt) >= EventStream.Silence)
            {
                writer.Breathe();
                spokeAt = clock.GetTimestamp();
            }

            await writer.FlushAsync(ended);
            // Viewers come and go without a change.
            await change
                .WaitAsync(WatchedThreads.Interval, clock, ended)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool Same(ThreadNews a, ThreadNews b) =>
        a.Version == b.Version
        && a.Viewers.Guests == b.Viewers.Guests
        && a.Viewers.Members.SequenceEqual(b.Viewers.Members, StringComparer.Ordinal);
}
