using EventForum.Threads;

namespace EventForum.Tests.Threads;

public sealed class ThreadSignalsTests
{
    [Fact]
    public async Task a_change_is_told_to_those_who_wait_for_it_once()
    {
        var signals = new ThreadSignals();
        var thread = Guid.CreateVersion7();
        var change = signals.NextChange(thread);
        change.IsCompleted.ShouldBeFalse();

        signals.Changed(thread);

        await change;
        signals.NextChange(thread).IsCompleted.ShouldBeFalse();
    }
}
