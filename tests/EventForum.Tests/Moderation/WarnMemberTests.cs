using EventForum.Access;
using EventForum.Members;
using EventForum.Moderation;

namespace EventForum.Tests.Moderation;

public sealed class WarnMemberTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PointThreshold[] Thresholds =
    [
        new() { Points = 10, For = TimeSpan.FromDays(1) },
        new() { Points = 20, For = TimeSpan.FromDays(7) },
        new() { Points = 50 },
    ];

    [Theory]
    [InlineData(0, 9, null)]
    [InlineData(0, 10, 1)]
    [InlineData(9, 1, 1)]
    [InlineData(10, 5, null)]
    [InlineData(5, 25, 7)]
    [InlineData(30, 20, 0)]
    public void the_highest_threshold_that_a_warning_comes_to_suspends(int before, int points, int? days)
    {
        var suspension = (MemberSuspended?)Warn(before, points).Also;

        (suspension is not null).ShouldBe(days is not null);
        if (suspension is not null)
        {
            suspension.Automatic.ShouldBe(true);
            suspension.Until.ShouldBe(days > 0 ? Now.AddDays(days.Value) : null);
            suspension.Reason.ShouldContain($"{before + points} points");
        }
    }

    [Fact]
    public void a_longer_suspension_stays_and_a_shorter_one_gives_way()
    {
        Warn(0, 10, Until(2)).Also.ShouldBeNull();
        Warn(0, 10, new Sanction(default, Now, null, "Why")).Also.ShouldBeNull();
        Warn(0, 20, Until(2)).Also.ShouldNotBeNull();
        Warn(0, 10, Until(-1)).Also.ShouldNotBeNull();
    }

    [Fact]
    public void points_that_have_expired_do_not_count_and_without_thresholds_nothing_comes_by_itself()
    {
        Warn(5, 5, expired: true).Also.ShouldBeNull();
        new WarnMember(default, 100, null).On(Member(0, null, false), new ActTerms(Now, []), "Why").Also.ShouldBeNull();
    }

    private static Sanction Until(int days) => new(default, Now.AddDays(-3), Now.AddDays(days), "Why");

    private static ActStep Warn(int before, int points, Sanction? suspension = null, bool expired = false) =>
        new WarnMember(default, points, null).On(
            Member(before, suspension, expired),
            new ActTerms(Now, Thresholds),
            "Why"
        );

    private static Member Member(int points, Sanction? suspension, bool expired) =>
        new Member(default, 1, "test#ann", "Ann", "ann", null) with
        {
            Standing = new Standing(
                suspension,
                points == 0 ? [] : [new Warning(default, Now, points, expired ? Now : null, "Why")]
            ),
        };
}
