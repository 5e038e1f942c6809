using EventForum.Members;
using EventForum.Platform;
using Marten;
using Wolverine;

namespace EventForum.Threads;

/// <summary>From an HTTP request to a thread's writer, and from its answer to a response.</summary>
internal static class ThreadCommandHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IResult> RunAsync(
        this IMessageBus bus,
        HttpContext http,
        IThreadCommand command,
        int status = StatusCodes.Status200OK
    )
    {
        var outcome = await bus.CarryOutAsync(
            http,
            command,
            http.Request.Headers[IdempotencyKey.Header].FirstOrDefault()
        );
        return outcome.Refusal is not null
            ? new Problem(outcome.Refusal)
            : TypedResults.Json(outcome.Receipt, statusCode: status);
    }

    /// <param name="key">The request's idempotency key; null when it has none.</param>
    public static async Task<Outcome> CarryOutAsync(
        this IMessageBus bus,
        HttpContext http,
        IThreadCommand command,
        string? key
    )
    {
        var caller = Caller.From(http.User);
        var registrations = http.RequestServices.GetRequiredService<Registrations>();
        if ((IdempotencyKey.RefusalOf(key) ?? await registrations.RefusalOfAsync(http, caller)) is { } refusal)
        {
            return refusal;
        }

        var message = new RunThreadCommand(command, caller, key, Correlation.Of(http));
        return await bus.InvokeAsync<Outcome>(message, http.RequestAborted, Patience);
    }

    /// <summary>The same for a command that names a post: its thread is where the post is now.</summary>
    public static async Task<IResult> RunOnPostAsync(
        this IMessageBus bus,
        HttpContext http,
        IQuerySession session,
        Guid postId,
        Func<Guid, IThreadCommand> command,
        int status = StatusCodes.Status200OK
    )
    {
        var threads = await session.QueryAsync<Guid>(
            $"select thread_id from {PostTable.Table} where post_id = ? {PostTable.Newest}",
            http.RequestAborted,
            postId
        );
        return threads.Count == 0
            ? new Problem(ThreadRefusals.NoSuchPost)
            : await bus.RunAsync(http, command(threads[0]), status);
    }
}
