using System.Collections.Concurrent;

namespace EventForum.Threads;

/// <summary>Tells those who have a thread open that it has moved on.</summary>
public sealed class ThreadSignals
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> watched = new();

    public void Changed(Guid threadId, long version)
    {
        if (watched.TryRemove(threadId, out var signal))
        {
            signal.TrySetResult();
        }
    }

    /// <summary>Completes at the thread's next change.</summary>
    public Task NextChange(Guid threadId) =>
        watched.GetOrAdd(threadId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
