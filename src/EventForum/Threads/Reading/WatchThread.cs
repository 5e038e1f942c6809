using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>What an open page is told.</summary>
/// <param name="Version">The thread's version now.</param>
/// <param name="PostCount">The number of its newest post.</param>
public sealed record ThreadNews(long Version, int PostCount, Viewers Viewers);

public static class WatchThreadEndpoint
{
    /// <summary>How soon a page hears of a change that another server made, and of viewers who came or went.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Server-sent events: a <c>thread</c> event at once and at every change. Who listens is counted as viewing.
    /// </summary>
    [WolverineGet("/api/threads/{threadId}/live"), AllowAnonymous]
    [ProducesResponseType(typeof(ThreadNews), 200, "text/event-stream")]
    public static async Task<IResult> Get(
        Guid threadId,
        NpgsqlDataSource database,
        ThreadSignals signals,
        ThreadPresence presence,
        TimeProvider clock,
        HttpContext http
    ) =>
        await VersionAsync(database, threadId, http.RequestAborted) is null
            ? new Problem(ThreadRefusals.NoSuchThread)
            : new EventStream(
                (writer, ended) => WatchAsync(writer, threadId, database, signals, presence, clock, http, ended)
            );

    private static async Task WatchAsync(
        EventStream.Writer writer,
        Guid threadId,
        NpgsqlDataSource database,
        ThreadSignals signals,
        ThreadPresence presence,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ended
    )
    {
        ThreadNews? told = null;
        var spokeAt = clock.GetTimestamp();
        while (!ended.IsCancellationRequested)
        {
            var change = signals.NextChange(threadId);
            presence.Seen(threadId, http);
            if (await VersionAsync(database, threadId, ended) is { } now)
            {
                var news = new ThreadNews(now.Version, now.PostCount, presence.Of(threadId));
                if (told is null || !Same(told, news))
                {
                    writer.Write(news.Version, news, "thread");
                    (told, spokeAt) = (news, clock.GetTimestamp());
                }
            }

            if (clock.GetElapsedTime(spokeAt) >= EventStream.Silence)
            {
                writer.Breathe();
                spokeAt = clock.GetTimestamp();
            }

            await writer.FlushAsync(ended);
            await change.WaitAsync(Interval, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool Same(ThreadNews a, ThreadNews b) =>
        a.Version == b.Version
        && a.Viewers.Guests == b.Viewers.Guests
        && a.Viewers.Members.SequenceEqual(b.Viewers.Members, StringComparer.Ordinal);

    private static async Task<(long Version, int PostCount)?> VersionAsync(
        NpgsqlDataSource database,
        Guid threadId,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"select (data ->> 'version')::bigint, (data ->> 'lastNumber')::int from {Store.Schema}.mt_doc_forumthread where id = $1"
        );
        command.Parameters.AddWithValue(threadId);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetInt32(1)) : null;
    }
}
