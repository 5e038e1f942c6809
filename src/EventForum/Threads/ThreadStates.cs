using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Threads;

/// <summary>
/// The states of the threads that this server wrote last: a command on one of them needs no look at the database before
/// its rule. Another server may have written since, so a state is good for an append, which fails where the thread has
/// moved on, but not for a refusal.
/// </summary>
public sealed class ThreadStates : IDisposable
{
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Gives a thread's state and forgets it: it is kept again once what was made of it is stored.</summary>
    public ForumThread? Take(Guid id)
    {
        var thread = known.Get<ForumThread>(id);
        known.Remove(id);
        return thread;
    }

    public void Keep(ForumThread thread) => known.Set(thread.Id, thread, new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => known.Dispose();
}
