using EventForum.Commands;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>What an open page of a thread goes by.</summary>
/// <param name="Version">The thread's version.</param>
/// <param name="LastNumber">The number of its newest post.</param>
public sealed record WatchedState(long Version, int LastNumber);

/// <summary>
/// Knows how the threads stand that somebody has open. What this process writes it is told; for what others write it
/// looks once a second, with one query for all of them, and only while somebody watches.
/// </summary>
public sealed class WatchedThreads(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    TimeProvider clock,
    ILogger<WatchedThreads> log
) : BackgroundService
{
    /// <summary>How soon a page hears of a change that another server made.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const string States = $"""
        select id, (data ->> 'version')::bigint, (data ->> 'lastNumber')::int
          from {MartenTables.Documents}forumthread where id = any($1)
        """;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Watched> threads = [];
    private TaskCompletionSource watched = New();

    /// <summary>How the thread stands; null when there is no such thread.</summary>
    public async Task<WatchedState?> FindAsync(Guid threadId, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (threads.TryGetValue(threadId, out var thread))
            {
                return thread.State;
            }
        }

        return (await ReadAsync([threadId], cancellation)).GetValueOrDefault(threadId);
    }

    /// <summary>Watches the thread until the watch is disposed of.</summary>
    /// <param name="state">How it stood last, as far as the watcher knows.</param>
    public Watch Join(Guid threadId, WatchedState state)
    {
        lock (gate)
        {
            if (!threads.TryGetValue(threadId, out var thread))
            {
                threads[threadId] = thread = new Watched { State = state };
            }

            thread.Watchers++;
            watched.TrySetResult();
            return new Watch(this, threadId, thread);
        }
    }

    /// <summary>What this server has just written.</summary>
    public void Changed(StreamState stream)
    {
        if (stream.Aggregate is ForumThread thread)
        {
            Changed(thread.Id, new WatchedState(stream.Version, thread.LastNumber));
        }
    }

    /// <summary>Tells those who watch the thread that it has moved on.</summary>
    public void Changed(Guid threadId, WatchedState state)
    {
        TaskCompletionSource? change = null;
        lock (gate)
        {
            // A look may come later than what was written since.
            if (threads.TryGetValue(threadId, out var thread) && state.Version > thread.State.Version)
            {
                thread.State = state;
                (change, thread.Change) = (thread.Change, New());
            }
        }

        change?.SetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Somebody().WaitAsync(stoppingToken);
            await Task.Delay(Interval, clock, stoppingToken);
            try
            {
                foreach (var (threadId, state) in await ReadAsync(All(), stoppingToken))
                {
                    Changed(threadId, state);
                }
            }
            catch (Exception e) when (Outage.Is(e) || e is NpgsqlException)
            {
                log.LogError(e, "The database does not say how threads stand; those who watch them wait");
            }
        }
    }

    private async Task<Dictionary<Guid, WatchedState>> ReadAsync(Guid[] ids, CancellationToken cancellation)
    {
        var states = new Dictionary<Guid, WatchedState>(ids.Length);
        if (ids.Length == 0)
        {
            return states;
        }

        await using var command = database.CreateCommand(States);
        command.Parameters.AddWithValue(ids);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            states[reader.GetGuid(0)] = new WatchedState(reader.GetInt64(1), reader.GetInt32(2));
        }

        return states;
    }

    private Guid[] All()
    {
        lock (gate)
        {
            return [.. threads.Keys];
        }
    }

    private Task Somebody()
    {
        lock (gate)
        {
            return watched.Task;
        }
    }

    private void Leave(Guid threadId, Watched thread)
    {
        lock (gate)
        {
            if (--thread.Watchers > 0)
            {
                return;
            }

            threads.Remove(threadId);
            if (threads.Count == 0)
            {
                watched = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed class Watched
    {
        public int Watchers { get; set; }

        public required WatchedState State { get; set; }

        public TaskCompletionSource Change { get; set; } = New();
    }

    /// <summary>Somebody's look at a thread.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly WatchedThreads all;
        private readonly Guid threadId;
        private readonly Watched thread;

        internal Watch(WatchedThreads all, Guid threadId, Watched thread) =>
            (this.all, this.threadId, this.thread) = (all, threadId, thread);

        /// <summary>How the thread stands, and what completes at its next change.</summary>
        public (WatchedState State, Task Change) Look()
        {
            lock (all.gate)
            {
                return (thread.State, thread.Change.Task);
            }
        }

        public void Dispose() => all.Leave(threadId, thread);
    }
}
