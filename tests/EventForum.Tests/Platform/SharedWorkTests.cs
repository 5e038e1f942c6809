using EventForum.Platform;

namespace EventForum.Tests.Platform;

public sealed class SharedWorkTests
{
    private readonly SharedWork<string, int> work = new();
    private readonly TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CancellationToken> hasBegun = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int begun;

    [Fact]
    public async Task what_several_ask_for_at_once_is_done_once()
    {
        var answers = Enumerable.Range(0, 5).Select(_ => Ask("one")).ToList();
        var other = Ask("another");

        done.SetResult(7);

        (await Task.WhenAll(answers)).ShouldAllBe(answer => answer == 7);
        await other;
        begun.ShouldBe(2);
    }

    [Fact]
    public async Task what_is_done_is_done_again_for_who_asks_later()
    {
        done.SetResult(7);
        await Ask("one");

        await Ask("one");

        begun.ShouldBe(2);
    }

    [Fact]
    public async Task it_goes_on_while_anybody_waits_and_is_given_up_when_nobody_does()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = Ask("one", first.Token);
        var another = Ask("one", second.Token);
        var token = await hasBegun.Task;

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => one);
        token.IsCancellationRequested.ShouldBeFalse();

        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => another);
        token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task a_failure_is_everybodys()
    {
        var one = Ask("one");
        var another = Ask("one");

        done.SetException(new InvalidOperationException("It failed."));

        (await Should.ThrowAsync<InvalidOperationException>(() => one)).Message.ShouldBe("It failed.");
        (await Should.ThrowAsync<InvalidOperationException>(() => another)).Message.ShouldBe("It failed.");
    }

    private Task<int> Ask(string key, CancellationToken? until = null) =>
        work.RunAsync(
            key,
            async given =>
            {
                Interlocked.Increment(ref begun);
                hasBegun.TrySetResult(given);
                return await done.Task;
            },
            until ?? TestContext.Current.CancellationToken
        );
}
