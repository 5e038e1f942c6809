namespace EventForum.Platform;

/// <summary>
/// Does once what several ask for at the same time. It goes on while anybody waits for it, and is given up when nobody
/// does. Nothing is kept: whoever asks after it is done has it done again.
/// </summary>
/// <typeparam name="TKey">All that the result depends on, what its readers may see among it.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
public sealed class SharedWork<TKey, TValue>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Piece> pieces = [];

    public async Task<TValue> RunAsync(
        TKey key,
        Func<CancellationToken, Task<TValue>> work,
        CancellationToken cancellation
    )
    {
        var piece = Join(key, work);
        try
        {
            return await piece.Result.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, piece);
        }
    }

    private Piece Join(TKey key, Func<CancellationToken, Task<TValue>> work)
    {
        lock (gate)
        {
            if (!pieces.TryGetValue(key, out var piece) || piece.Result.IsCompleted)
            {
                pieces[key] = piece = new Piece();
                var token = piece.GivenUp.Token;
                piece.Result = Task.Run(() => work(token), token);
            }

            piece.Waiting++;
            return piece;
        }
    }

    /// <summary>When the last has left, the piece is done, or given up.</summary>
    private void Leave(TKey key, Piece piece)
    {
        lock (gate)
        {
            if (--piece.Waiting > 0)
            {
                return;
            }

            if (pieces.GetValueOrDefault(key) == piece)
            {
                pieces.Remove(key);
            }
        }

        piece.GivenUp.Cancel();
        piece.GivenUp.Dispose();
    }

    private sealed class Piece
    {
        public CancellationTokenSource GivenUp { get; } = new();

        public Task<TValue> Result { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
