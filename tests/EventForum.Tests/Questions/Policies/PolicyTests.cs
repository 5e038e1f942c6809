using CsCheck;
using EventForum.Questions.Policies;

namespace EventForum.Tests.Questions.Policies;

public sealed class PolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Visit our CASINO now", "CASINO")]
    [InlineData("free \n  Money!", "free \n  Money")]
    [InlineData("it costs $$$.", "$$$")]
    [InlineData("made with c++", "c++")]
    [InlineData("v1agra and viagra", "v1agra")]
    [InlineData("casinos are no casino_ and occasional", null)]
    [InlineData("freemoney", null)]
    public void words_are_found_as_wholes_and_patterns_anywhere(string text, string? what) =>
        (
            Policy("""{"words":["casino","free money","$$$","c++"],"patterns":["v[i1]agra"]}""")
                .Judge(Write(0, text), new WriterHistory())
                ?.What
        ).ShouldBe(what);

    [Fact]
    public void a_pattern_takes_time_linear_in_the_text()
    {
        var policy = Policy("""{"patterns":["(a+)+b"]}""");

        policy.Judge(Write(0, new string('a', 50_000)), new WriterHistory()).ShouldBeNull();
    }

    [Fact]
    public void links_of_those_who_had_written_less_than_that_are_caught()
    {
        var policy = Policy("""{"links":{"fewerPostsThan":2}}""");
        var history = new WriterHistory();
        for (var i = 0; i < 3; i++)
        {
            history.Add(Start.AddHours(i), i, isEdit: false);
        }

        policy.Judge(Write(0, "see https://spam.example/x now"), history)!.What.ShouldBe("https://spam.example/x");
        policy.Judge(Write(1, "see www.spam.example"), history)!.Rule.ShouldBe("links");
        policy.Judge(Write(1, "see nothing"), history).ShouldBeNull();
        policy.Judge(Write(2, "see https://spam.example"), history).ShouldBeNull();
    }

    [Fact]
    public void more_posts_than_that_in_the_minutes_are_caught()
    {
        var history = new WriterHistory();
        var writes = Enumerable.Range(0, 4).Select(i => Write(i, "Text.", minutes: 5)).ToList();
        writes.ForEach(write => history.Add(write.At, write.Position, write.IsEdit));

        var policy = Policy("""{"rate":{"posts":2,"minutes":10}}""");

        writes
            .Select(write => policy.Judge(write, history)?.What)
            .ShouldBe([null, null, null, null], "the first of three is ten minutes old");
        Policy("""{"rate":{"posts":2,"minutes":10.1}}""").Judge(writes[2], history)!.What.ShouldBe("3 in 10.1 minutes");
    }

    [Fact]
    public void edits_count_as_posts_unless_the_policy_says_otherwise()
    {
        var history = new WriterHistory();
        history.Add(Start, 0, isEdit: false);
        history.Add(Start, 1, isEdit: true);
        var edit = Write(0, "Text.") with { Position = 1, IsEdit = true };

        Policy("""{"rate":{"posts":1,"minutes":10}}""").Judge(edit, history)!.Rule.ShouldBe("rate");
        Policy("""{"rate":{"posts":1,"minutes":10,"edits":false}}""").Judge(edit, history).ShouldBeNull();
    }

    /// <summary>As somebody would count who looks at every write again for each one.</summary>
    [Fact]
    public void writes_are_counted_as_by_hand_in_whatever_order_they_come() =>
        Gen.Select(Gen.Select(Gen.Int[0, 40], Gen.Bool).List[1, 60], Gen.Int[1, 20], Gen.Bool)
            .Sample(
                (writes, minutes, withEdits) =>
                {
                    var all = writes
                        .Select((w, i) => (At: Start.AddMinutes(w.Item1), Position: (long)i, IsEdit: w.Item2))
                        .ToList();
                    var history = new WriterHistory();
                    all.ForEach(write => history.Add(write.At, write.Position, write.IsEdit));
                    foreach (var one in all)
                    {
                        var before = all.Where(other =>
                                other.At < one.At || (other.At == one.At && other.Position < one.Position)
                            )
                            .ToList();
                        var within = before
                            .Append(one)
                            .Where(other => other.At > one.At.AddMinutes(-minutes) && (withEdits || !other.IsEdit));

                        history.PostsBefore(one.At, one.Position).ShouldBe(before.Count(other => !other.IsEdit));
                        history
                            .WritesWithin(one.At, one.Position, TimeSpan.FromMinutes(minutes), withEdits)
                            .ShouldBe(within.Count());
                    }
                }
            );

    private static Policy Policy(string json) => PolicyFile.Parse(json, "policy.json");

    private static PostWrite Write(int number, string text, int minutes = 60) =>
        new(number, Guid.Empty, Guid.Empty, Guid.Empty, Start.AddMinutes(number * minutes), text, false);
}
