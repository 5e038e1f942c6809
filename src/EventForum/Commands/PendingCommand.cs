using System.Security.Cryptography;
using System.Text;

namespace EventForum.Commands;

/// <summary>A command and the caller that waits for its result.</summary>
public sealed class PendingCommand
{
    private readonly TaskCompletionSource<CommandResult> result = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public PendingCommand(RunCommand message, object? prepared = null)
    {
        Message = message;
        Prepared = prepared;
        Streams = message.Command.Streams;
        AnswerId = GivenAnswer.IdFor(message.Caller, message.IdempotencyKey);
        Fingerprint = AnswerId is null
            ? ""
            : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Command.Request)));
    }

    public RunCommand Message { get; }

    public ICommand Command => Message.Command;

    /// <summary>What was worked out before it came to its writer; null where nothing need be.</summary>
    public object? Prepared { get; }

    public IReadOnlyList<StreamKey> Streams { get; }

    /// <summary>Of the answer that is kept for a retry; null when the client sent no key.</summary>
    public string? AnswerId { get; }

    /// <summary>Tells a retry from another command with the same key.</summary>
    public string Fingerprint { get; }

    public Task<CommandResult> Result => result.Task;

    public void Answer(CommandResult given) => result.TrySetResult(given);

    public void Fail(Exception e) => result.TrySetException(e);
}
