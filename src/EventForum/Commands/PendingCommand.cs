using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace EventForum.Commands;

/// <summary>A command and the caller that waits for its result.</summary>
public sealed class PendingCommand
{
    private readonly TaskCompletionSource<CommandResult> result = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <param name="prepared">What was worked out before it came to its writer; null where nothing need be.</param>
    /// <param name="since">Since when it waits, as the clock's timestamp.</param>
    /// <param name="span">Null where it is not traced.</param>
    public PendingCommand(RunCommand message, object? prepared, long since, Activity? span)
    {
        (Message, Prepared, Since, Span) = (message, prepared, since, span);
        Streams = message.Command.Streams;
        AnswerId = GivenAnswer.IdFor(message.Caller, message.IdempotencyKey);
        Fingerprint = AnswerId is null
            ? ""
            : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Command.Request)));
    }

    public RunCommand Message { get; }

    public ICommand Command => Message.Command;

    public object? Prepared { get; }

    public long Since { get; }

    public Activity? Span { get; }

    public IReadOnlyList<StreamKey> Streams { get; }

    /// <summary>Of the answer that is kept for a retry; null when the client sent no key.</summary>
    public string? AnswerId { get; }

    /// <summary>Tells a retry from another command with the same key.</summary>
    public string Fingerprint { get; }

    public Task<CommandResult> Result => result.Task;

    public void Answer(CommandResult given) => result.TrySetResult(given);

    public void Fail(Exception e) => result.TrySetException(e);
}
