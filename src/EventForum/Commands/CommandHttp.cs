using System.Globalization;
using EventForum.Access;
using EventForum.Platform;
using Wolverine;

namespace EventForum.Commands;

/// <summary>From an HTTP request to a command's writer, and from its result to a response.</summary>
internal static class CommandHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How often the streams of a command are found out before it is refused because they change.</summary>
    private const int Plans = 5;

    public static Task<IResult> RunAsync(
        this IMessageBus bus,
        HttpContext http,
        ICommand command,
        int status = StatusCodes.Status200OK
    ) => bus.RunAsync(http, Planned(command), status, result => result.Receipt!);

    /// <param name="answer">The response's body.</param>
    public static Task<IResult> RunAsync(
        this IMessageBus bus,
        HttpContext http,
        ICommand command,
        int status,
        Func<CommandResult, object> answer
    ) => bus.RunAsync(http, Planned(command), status, answer);

    /// <param name="plan">Finds out which streams the command is about, or that there are none.</param>
    public static Task<IResult> RunAsync(
        this IMessageBus bus,
        HttpContext http,
        Func<Task<CommandPlan>> plan,
        int status
    ) => bus.RunAsync(http, plan, status, result => result.Receipt!);

    /// <param name="key">The request's idempotency key; null when it has none.</param>
    public static Task<CommandResult> CarryOutAsync(
        this IMessageBus bus,
        HttpContext http,
        ICommand command,
        string? key
    ) => bus.CarryOutAsync(http, Planned(command), key);

    /// <summary>The command is planned anew when its rule finds that its streams have become others.</summary>
    /// <param name="key">The request's idempotency key; null when it has none.</param>
    public static async Task<CommandResult> CarryOutAsync(
        this IMessageBus bus,
        HttpContext http,
        Func<Task<CommandPlan>> plan,
        string? key
    )
    {
        var suspension = Reader.Of(http).Suspension;
        for (var attempt = 1; ; attempt++)
        {
            var planned = await plan();
            var (command, refused) = planned;
            if (suspension is not null && command is not { IsForSuspended: true })
            {
                return Suspended(suspension);
            }

            if (command is null)
            {
                return refused!;
            }

            var caller = Caller.From(http.User);
            var senders = http.RequestServices.GetRequiredService<Senders>();
            if (
                attempt == 1
                && (IdempotencyKey.RefusalOf(key) ?? await senders.RefusalOfAsync(http, caller)) is { } refusal
            )
            {
                return refusal;
            }

            var message = new RunCommand(command, caller, Reader.Of(http), key, Correlation.Of(http));
            var result = await bus.InvokeAsync<CommandResult>(message, http.RequestAborted, Patience);
            if (result.Refusal != Decision.StreamsChanged || attempt == Plans)
            {
                return result.Refusal is { } no && planned.Explain is { } explain ? await explain(no) : result;
            }
        }
    }

    /// <param name="plan">Finds out which streams the command is about, or that there are none.</param>
    /// <param name="answer">The response's body.</param>
    public static async Task<IResult> RunAsync(
        this IMessageBus bus,
        HttpContext http,
        Func<Task<CommandPlan>> plan,
        int status,
        Func<CommandResult, object> answer
    )
    {
        var key = http.Request.Headers[IdempotencyKey.Header].FirstOrDefault();
        var result = await bus.CarryOutAsync(http, plan, key);
        return result.Refusal is not null
            ? new Problem(result.Refusal)
            : TypedResults.Json(answer(result), statusCode: status);
    }

    internal static Refusal Suspended(Sanction suspension) =>
        new(
            403,
            "suspended",
            "You are suspended and cannot write.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(suspension.Until is { } until ? $"It ends on {until.UtcDateTime:d MMMM yyyy 'at' HH:mm} UTC" : "It holds until a moderator lifts it")}. Why: {Bidi.Isolate(suspension.Reason)} GET /api/me/standing says more."
            )
        );

    private static Func<Task<CommandPlan>> Planned(ICommand command)
    {
        var plan = Task.FromResult(new CommandPlan(command));
        return () => plan;
    }
}

/// <summary>A command whose streams have been found out, or why there are none.</summary>
public readonly record struct CommandPlan(ICommand? Command, Refusal? Refusal = null)
{
    /// <summary>Says more of why the command was refused; null where the rule has said it all.</summary>
    public Func<Refusal, Task<Refusal>>? Explain { get; init; }

    public static implicit operator CommandPlan(Refusal refusal) => new(null, refusal);
}
