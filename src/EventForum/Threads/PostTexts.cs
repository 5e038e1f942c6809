using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// Reads the texts of commands before they are put to their writers, each in its own caller's task. Where the posts that
/// it may quote are long, that takes long: then it takes its turn with the dear reads. Posts in boards that the sender
/// does not see take no part in it.
/// </summary>
public sealed class PostTexts(NpgsqlDataSource database, DearReads turns)
{
    /// <summary>Bytes of posts that are read without a turn: a few hundredths of a second at most.</summary>
    public const int CheapBytes = 200_000;

    private static readonly NamedPosts None = new([]);

    /// <summary>For <see cref="CommandPreparation"/>.</summary>
    public async Task<(object? Prepared, Refusal? Refusal)> PrepareAsync(
        RunCommand message,
        CancellationToken cancellation
    ) =>
        message.Command is not IThreadCommand command ? (null, null)
        : await ReadAsync(command, message.Reader, cancellation) is { } text ? (text, null)
        : (null, DearReads.Busy);

    /// <summary>
    /// The text with what it quotes, as it is between the call and its answer; null when its turn did not come in time.
    /// </summary>
    public async Task<PostText?> ReadAsync(IThreadCommand command, Reader reader, CancellationToken cancellation)
    {
        if (command.Quoted.IsNone)
        {
            return command.Read(None);
        }

        var found = await QuotedPostsQuery.FindAsync(database, command.ThreadId, command.Quoted, cancellation);
        var access = await ThreadAccess.OfAsync(
            reader,
            found.Found.Select(post => post.State.ThreadId),
            database,
            cancellation
        );
        found = found with { Found = [.. found.Found.Where(post => access.Sees(post.State.ThreadId))] };
        if (found.HaveTexts)
        {
            return command.Read(found.Posts);
        }

        IDisposable turn;
        try
        {
            turn = await turns.WaitForTurnAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        using (turn)
        {
            return command.Read(await QuotedPostsQuery.LoadAsync(database, found, cancellation));
        }
    }
}
