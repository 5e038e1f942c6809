using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>
/// Reads the texts of commands before they are put to their writers, each in its own caller's task. Where the posts that
/// it may quote are long, that takes long: then it takes its turn with the dear reads.
/// </summary>
public sealed class PostTexts(NpgsqlDataSource database, DearReads turns)
{
    /// <summary>Bytes of posts that are read without a turn: a few hundredths of a second at most.</summary>
    public const int CheapBytes = 200_000;

    private static readonly NamedPosts None = new([]);

    /// <summary>
    /// The text with what it quotes, as it is between the call and its answer; null when its turn did not come in time.
    /// </summary>
    public async Task<PostText?> ReadAsync(IThreadCommand command, CancellationToken cancellation)
    {
        if (command.Quoted.IsNone)
        {
            return command.Read(None);
        }

        var found = await QuotedPostsQuery.FindAsync(database, command.ThreadId, command.Quoted, cancellation);
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
