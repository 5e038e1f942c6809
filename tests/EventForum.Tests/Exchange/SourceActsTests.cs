using System.Globalization;
using EventForum.Exchange;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Tests.Exchange;

public sealed class SourceActsTests
{
    private static readonly Guid First = StableId.Of("post", "made-up", "a");
    private static readonly Guid Second = StableId.Of("post", "made-up", "b");

    private readonly List<string> defects = [];

    [Fact]
    public void acts_stand_between_posts_at_their_own_times()
    {
        var facts = Between(
            Act("closed.enabled", 2, "moira"),
            Act("pinned.enabled", 4),
            Act("closed.disabled", 5, "tom")
        );

        facts
            .Select(fact => fact.Data.GetType())
            .ShouldBe([
                typeof(ThreadStarted),
                typeof(ThreadLocked),
                typeof(ReplyPosted),
                typeof(ThreadPinned),
                typeof(ThreadUnlocked),
            ]);
        facts.Select(fact => fact.At.Minute).ShouldBe([1, 2, 3, 4, 5]);
        facts[1].Author.ShouldBe("moira");
        facts[2].Data.ShouldBeOfType<ReplyPosted>().AnsweredVersion.ShouldBe(2);
        defects.ShouldBeEmpty();
    }

    [Fact]
    public void a_post_that_is_deleted_and_undeleted_is_removed_and_restored()
    {
        var facts = Between(
            Act("deleted", 4, "ben", "b"),
            Act("deleted", 5, "moira", "b", "101"),
            Act("undeleted", 6, "ben", "b")
        );

        facts[2].Data.ShouldBe(new PostRemoved(Second, null));
        facts[3].Data.ShouldBe(new PostRemoved(Second, "Reason 101 of made-up."));
        facts[4].Data.ShouldBe(new PostRestored(Second, null));
        defects.ShouldBeEmpty();
    }

    [Fact]
    public void what_changes_nothing_or_is_nothing_here_is_named()
    {
        Between(
            Act("closed.disabled", 2),
            Act("deleted", 2, "moira", "b"),
            Act("undeleted", 4, "moira", "a"),
            Act("split_topic", 5),
            Act("closed", 6),
            Act("archived.enabled", 7)
        )
            .Count.ShouldBe(3);

        defects.ShouldBe([
            "act-without-effect",
            "act-without-post",
            "act-without-effect",
            "act-without-counterpart",
            "act-without-effect",
        ]);
    }

    private IReadOnlyList<SourceFact> Between(params SourceLine[] acts)
    {
        SourceFact[] written =
        [
            Fact(new ThreadStarted(default, "Title", First, "One.", []), 1, "ann"),
            Fact(new ReplyPosted(Second, 2, "Two.", [], 1), 3, "ben"),
        ];
        return new SourceActs(act => act.Author, (_, kind, _, _, _) => defects.Add(kind)).Between(written, acts);

        static SourceFact Fact(object data, int minute, string author) =>
            new(data, new DateTimeOffset(2001, 2, 3, 4, minute, 0, TimeSpan.Zero), author, "", "", Act("", minute));
    }

    private static SourceLine Act(
        string what,
        int minute,
        string actor = "moira",
        string? post = null,
        string? comment = null
    ) =>
        SourceLine
            .Read(
                "acts.jsonl",
                1,
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        source = "made-up",
                        thread = "t",
                        post,
                        @event = what,
                        actor,
                        at = string.Create(CultureInfo.InvariantCulture, $"2001-02-03T04:{minute:00}:00Z"),
                        comment,
                    }
                ),
                out _
            )
            .ShouldNotBeNull();
}
