namespace EventForum.Exchange;

/// <summary>
/// The turn of a batch among those that are stored at the same time: while one is copied, the next is projected. Positions
/// are given and transactions end in the order of the batches, and no batch waits for rows of a later one, so that what is
/// stored is always the beginning of the file.
/// </summary>
internal sealed class StoreTurn(StoreTurn? before)
{
    public TaskCompletionSource Projected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails where the batch before is not stored: nor may this one be.</summary>
    public Task ProjectedBefore { get; } = before?.Projected.Task ?? Task.CompletedTask;

    /// <inheritdoc cref="ProjectedBefore" />
    public Task StoredBefore { get; } = before?.Stored.Task ?? Task.CompletedTask;

    /// <summary>The batch is not stored: nor may those be that come behind it.</summary>
    public void Fail(Exception e)
    {
        var failed = new InvalidOperationException("What comes before in the file is not stored.", e);
        Projected.TrySetException(failed);
        Stored.TrySetException(failed);
        // Seen where nobody comes behind it, too.
        _ = (Projected.Task.Exception, Stored.Task.Exception);
    }
}
