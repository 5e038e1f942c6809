using System.Collections.Concurrent;
using EventForum.Platform;
using JasperFx.Events;
using Microsoft.Extensions.Time.Testing;

namespace EventForum.Tests.Platform;

public sealed class ViewEventsTests
{
    [Fact]
    public void what_views_take_in_at_once_is_bounded_and_ends_at_the_same_positions_for_all()
    {
        ViewEvents.Split(0, 12_000).ShouldBe([(0, 5_000), (5_000, 10_000), (10_000, 12_000)]);
        ViewEvents.Split(4_999, 10_001).ShouldBe([(4_999, 5_000), (5_000, 10_000), (10_000, 10_001)]);
        ViewEvents.Split(5_000, 5_003).ShouldBe([(5_000, 5_003)]);
    }

    [Fact]
    public void a_range_without_positions_is_still_one() => ViewEvents.Split(7, 7).ShouldBe([(7, 7)]);

    [Fact]
    public async Task views_that_are_built_together_read_each_page_once_whoever_is_ahead()
    {
        var read = new ConcurrentBag<(long, long)>();
        var events = Reading(read);
        await ReadAsync("behind", (0, 5_000));
        await Task.WhenAll(ViewAsync("ahead", 0), ViewAsync("behind", 5_000));
        read.Order().ShouldBe(ViewEvents.Split(0, 100_000));

        async Task ViewAsync(string view, long start)
        {
            foreach (var page in ViewEvents.Split(start, 100_000))
            {
                await ReadAsync(view, page);
            }
        }

        Task ReadAsync(string view, (long Floor, long Ceiling) page) =>
            events.ReadAsync(view, page.Floor, page.Ceiling, 100_000, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task a_view_that_comes_back_to_a_page_that_is_gone_reads_it_again()
    {
        var read = new ConcurrentBag<(long, long)>();
        var events = Reading(read);
        foreach (var (floor, ceiling) in ViewEvents.Split(0, 30_010))
        {
            await events.ReadAsync("a", floor, ceiling, ceiling, TestContext.Current.CancellationToken);
        }

        await events.ReadAsync("b", 0, 5_000, 5_000, TestContext.Current.CancellationToken);
        await events.ReadAsync("b", 0, 5_000, 5_000, TestContext.Current.CancellationToken);
        read.Count(page => page == (0, 5_000)).ShouldBe(2);
    }

    // Its time stands still: a view waits for the others for as long as it takes.
    private static ViewEvents Reading(ConcurrentBag<(long, long)> read) =>
        new(
            (floor, ceiling) =>
            {
                read.Add((floor, ceiling));
                return Task.FromResult(new List<IEvent>());
            },
            new FakeTimeProvider()
        );
}
