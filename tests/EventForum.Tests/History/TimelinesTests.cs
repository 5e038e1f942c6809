using EventForum.History;
using EventForum.Tests.Access;

namespace EventForum.Tests.History;

public sealed class TimelinesTests
{
    private static readonly KnownEvents Known = new(DescribedEvents.All);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Noon.AddHours(100);

    [Fact]
    public void a_bucket_holds_what_happened_in_its_span_and_counts_the_posts()
    {
        var buckets = Timelines.BucketsOf(
            Noon,
            End,
            [
                Count(99, "reply_posted", 1, 9, 9),
                Count(0, "reply_posted", 5, 2, 7),
                Count(0, "thread_started", 1, 1, 1),
                Count(0, "post_edited", 1, 8, 8),
            ]
        );

        buckets.ShouldBe([
            new TimelineBucket(Noon, Noon.AddHours(1), 1, 8, 6),
            new TimelineBucket(Noon.AddHours(99), End, 9, 9, 1),
        ]);
    }

    [Fact]
    public void a_thread_of_one_moment_is_one_bucket() =>
        Timelines
            .BucketsOf(Noon, Noon, [Count(0, "thread_started", 1, 1, 1)])
            .ShouldBe([new TimelineBucket(Noon, Noon, 1, 1, 1)]);

    [Fact]
    public void changes_of_one_kind_in_a_span_are_one_mark_at_the_last_of_them()
    {
        var marks = Timelines.MarksOf([
            Count(3, "post_edited", 4, 10, 20),
            Count(3, "post_removed", 2, 12, 13),
            Count(3, "post_restored", 1, 14, 14),
            Count(4, "post_edited", 1, 30, 30),
            Count(4, "reply_posted", 9, 21, 29),
            Count(4, "thread_locked", 1, 31, 31),
        ]);

        marks
            .Select(mark => (mark.Version, mark.Type, mark.Count))
            .ShouldBe([
                (14, "post_restored", 3),
                (20, "post_edited", 4),
                (30, "post_edited", 1),
                (31, "thread_locked", 1),
            ]);
    }

    [Fact]
    public void a_mark_of_several_says_the_last_and_how_many_more()
    {
        Timelines.Sentence(1, "moira edited post 3").ShouldBe("moira edited post 3");
        Timelines.Sentence(5, "moira edited post 3").ShouldBe("moira edited post 3, and 4 more before");
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(25, 0.25)]
    [InlineData(100, 1)]
    [InlineData(200, 1)]
    public void a_time_is_a_share_of_the_life(int hours, double share) =>
        Life(End).ShareOf(Noon.AddHours(hours)).ShouldBe(share);

    [Fact]
    public void a_life_without_length_has_no_shares() => Life(Noon).ShareOf(Noon).ShouldBe(0);

    private static ThreadTimeline Life(DateTimeOffset to) => new(Guid.Empty, 1, Noon, to, [], []);

    private static TimelineCount Count(int span, string type, int count, long first, long last) =>
        new(span, type, Known.Find(type)!.Mark, count, first, last, Noon.AddHours(span));
}
