using EventForum.Threads;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventForum.Tests.Threads;

public sealed class WatchedThreadsTests : IAsyncDisposable
{
    /// <summary>Nothing is read from it here.</summary>
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create("Host=nowhere");
    private readonly Guid thread = Guid.CreateVersion7();
    private readonly WatchedThreads threads;

    public WatchedThreadsTests() =>
        threads = new WatchedThreads(database, TimeProvider.System, NullLogger<WatchedThreads>.Instance);

    [Fact]
    public async Task a_change_is_told_to_all_who_watch_the_thread_and_to_nobody_else()
    {
        using var one = threads.Join(thread, new WatchedState(1, 1));
        using var another = threads.Join(thread, new WatchedState(1, 1));
        using var elsewhere = threads.Join(Guid.CreateVersion7(), new WatchedState(1, 1));
        var changes = (Task[])[one.Look().Change, another.Look().Change];

        threads.Changed(thread, new WatchedState(2, 2));

        await Task.WhenAll(changes);
        one.Look().State.ShouldBe(new WatchedState(2, 2));
        one.Look().Change.IsCompleted.ShouldBeFalse();
        elsewhere.Look().Change.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void what_was_seen_before_a_change_does_not_take_it_back()
    {
        using var watch = threads.Join(thread, new WatchedState(1, 1));
        threads.Changed(thread, new WatchedState(3, 2));

        threads.Changed(thread, new WatchedState(2, 2));

        watch.Look().State.Version.ShouldBe(3);
    }

    [Fact]
    public void a_thread_is_forgotten_when_the_last_has_left_it()
    {
        threads.Join(thread, new WatchedState(1, 1)).Dispose();
        threads.Changed(thread, new WatchedState(2, 2));

        using var later = threads.Join(thread, new WatchedState(1, 1));

        later.Look().State.Version.ShouldBe(1);
    }

    public async ValueTask DisposeAsync()
    {
        threads.Dispose();
        await database.DisposeAsync();
    }
}
