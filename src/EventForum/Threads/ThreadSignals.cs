namespace EventForum.Threads;

/// <summary>
/// Tells those who have a thread open that it has moved on. Threads share a fixed number of signals, so that nothing
/// is kept for a thread: now and then one is told of another's change, and finds nothing new.
/// </summary>
public sealed class ThreadSignals
{
    private readonly TaskCompletionSource[] signals = [.. Enumerable.Range(0, 1024).Select(_ => New())];

    public void Changed(Guid threadId) => Interlocked.Exchange(ref Of(threadId), New()).SetResult();

    /// <summary>Completes at the thread's next change, if not before.</summary>
    public Task NextChange(Guid threadId) => Volatile.Read(ref Of(threadId)).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ref TaskCompletionSource Of(Guid threadId) =>
        ref signals[(uint)threadId.GetHashCode() % (uint)signals.Length];
}
