using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventForum.Platform;

/// <summary>
/// Server-sent events that are flushed as their writer says, so that catching up costs a flush a page and not one an
/// event. It ends with the request, with the reader's token, and when the server stops.
/// </summary>
internal sealed class EventStream(Func<EventStream.Writer, CancellationToken, Task> write) : IResult
{
    /// <summary>Proxies end a connection on which they hear nothing for long.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (refusal, place) = httpContext.RequestServices.GetRequiredService<Listeners>().Join(httpContext);
        using var listening = place;
        if (refusal is not null)
        {
            await new Problem(refusal).ExecuteAsync(httpContext);
            return;
        }

        var lifetime = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted,
            lifetime.ApplicationStopping
        );
        var token = httpContext.Features.Get<AcceptedToken>();
        var guard = token is null ? Task.CompletedTask : EndWithAsync(token, httpContext.RequestServices, ended);
        httpContext.Response.ContentType = "text/event-stream; charset=utf-8";
        httpContext.Response.Headers.Vary = "Accept";
        var writer = new Writer(httpContext.Response.BodyWriter);
        try
        {
            await writer.FlushAsync(ended.Token);
            if (!Head.IsWanted(httpContext))
            {
                await write(writer, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader has gone, or is to find another server, or may no longer read as who it was.
        }
        finally
        {
            await ended.CancelAsync();
            await guard.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whoever comes back then comes as what they are now. Without the database nobody can tell.</summary>
    private static async Task EndWithAsync(
        AcceptedToken token,
        IServiceProvider services,
        CancellationTokenSource ended
    )
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var revocations = services.GetRequiredService<Revocations>();
        try
        {
            using var timer = new PeriodicTimer(Revocations.LookAgainAfter, clock);
            while (
                await timer.WaitForNextTickAsync(ended.Token)
                && clock.GetUtcNow() < token.EndsAt
                && !await revocations.CoverAsync(token, ended.Token)
            ) { }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    /// <summary>The position after which an EventSource that has lost its connection wants to go on.</summary>
    public static (Refusal? Refusal, long? Id) LastId(HttpContext http)
    {
        var header = http.Request.Headers["Last-Event-ID"].FirstOrDefault();
        return string.IsNullOrEmpty(header) ? (null, null)
            : long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (null, id)
            : (
                new Refusal(
                    400,
                    "last-event-id-invalid",
                    "Last-Event-ID is none of ours.",
                    "Send the id of the last event that came, as it came."
                ),
                null
            );
    }

    public static bool IsWanted(HttpContext http) =>
        http
            .Request.GetTypedHeaders()
            .Accept.Any(type =>
                type.Quality != 0
                && string.Equals(type.MediaType.Value, "text/event-stream", StringComparison.OrdinalIgnoreCase)
            );

    internal sealed class Writer(System.IO.Pipelines.PipeWriter body)
    {
        /// <summary>Bytes of data so far.</summary>
        public long Written { get; private set; }

        /// <param name="name">The event's name; without one it is a message.</param>
        public void Write<T>(long id, T data, string? name = null)
        {
            Text($"id: {id.ToString(CultureInfo.InvariantCulture)}\n");
            if (name is not null)
            {
                Text($"event: {name}\n");
            }

            Text("data: ");
            var json = JsonSerializer.SerializeToUtf8Bytes(data, Wire.Json);
            Written += json.Length;
            body.Write(json);
            Text("\n\n");
        }

        /// <summary>Where to go on from, without anything to see.</summary>
        public void Mark(long id) => Text($"id: {id.ToString(CultureInfo.InvariantCulture)}\n\n");

        public void Breathe() => Text(":\n\n");

        public async Task FlushAsync(CancellationToken cancellation) => await body.FlushAsync(cancellation);

        private void Text(string text) => Encoding.UTF8.GetBytes(text, body);
    }
}
