using CsCheck;
using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Threads.Quoting;

public class WordDiffTests
{
    [Theory]
    [InlineData("the quick fox", "the slow fox", "the |-quick|+slow| fox")]
    [InlineData("the quick brown fox", "the slow red fox", "the |-quick brown|+slow red| fox")]
    [InlineData("a fox", "a fox jumps", "a fox|+ jumps")]
    [InlineData("a fox.", "a fox!", "a fox|-.|+!")]
    [InlineData("same", "same", "same")]
    [InlineData("", "new", "+new")]
    [InlineData("", "", "")]
    [InlineData("so 😀", "so 😁", "so |-😀|+😁")]
    [InlineData("日本語", "日本人", "日本|-語|+人")]
    public void Words_are_compared(string before, string after, string differences) =>
        string.Join('|', WordDiff.Between(before, after).Select(Written)).ShouldBe(differences);

    [Fact]
    public void Each_side_can_be_read_off() =>
        Gen.Select(Bodies.Any, Bodies.Any).Sample((before, after) => ShouldAddUp(before, after));

    public static TheoryData<string, string> LongTexts =>
        new()
        {
            { "a\n", "b\n" },
            { "some words of a line\n", "other words, another line\n" },
            { "all in one line. ", "that changed! " },
            { "a", "b" },
            { "a ", "a b " },
        };

    [Theory]
    [MemberData(nameof(LongTexts))]
    public void Long_texts_take_bounded_time(string before, string after)
    {
        var (old, now) = (before.Times(100_000 / before.Length), after.Times(100_000 / after.Length));
        HangGuard.Finishes(() => ShouldAddUp(old, now));
    }

    [Fact]
    public void Many_long_changes_take_bounded_work_together()
    {
        var work = new DiffWork();

        var differences = WordDiff.Between(Sections("before"), Sections("after"), work);

        work.Steps.ShouldBeInRange(1, Bounds.DiffSteps);
        string.Concat(differences.Where(d => d.Kind != DiffKind.Added).Select(d => d.Text))
            .ShouldBe(Sections("before"));
        string.Concat(differences.Where(d => d.Kind != DiffKind.Removed).Select(d => d.Text))
            .ShouldBe(Sections("after"));

        static string Sections(string word) =>
            string.Join("\nA line that stays.\n", Enumerable.Range(0, 20).Select(i => $"{word}{i} ".Times(1_100)));
    }

    [Fact]
    public void A_comparison_that_nobody_waits_for_is_broken_off() =>
        Should.Throw<OperationCanceledException>(() =>
            WordDiff.Between("one", "another", new DiffWork(new CancellationToken(canceled: true)))
        );

    [Fact]
    public void Small_changes_in_a_long_text_stay_small()
    {
        var words = Enumerable.Range(0, 10_000).Select(i => $"word{i}{(i % 10 == 0 ? "." : "")}").ToList();
        var before = string.Join(' ', words);
        words[101] = "new";
        words[9_901] = "newer";
        WordDiff
            .Between(before, string.Join(' ', words))
            .Where(difference => difference.Kind != DiffKind.Same)
            .Select(Written)
            .ShouldBe(["-word101", "+new", "-word9901", "+newer"]);
    }

    private static string Written(Difference difference) =>
        difference.Kind switch
        {
            DiffKind.Added => "+" + difference.Text,
            DiffKind.Removed => "-" + difference.Text,
            DiffKind.Same => difference.Text,
        };

    private static void ShouldAddUp(string before, string after)
    {
        var differences = WordDiff.Between(before, after);
        string.Concat(differences.Where(d => d.Kind != DiffKind.Added).Select(d => d.Text)).ShouldBe(before);
        string.Concat(differences.Where(d => d.Kind != DiffKind.Removed).Select(d => d.Text)).ShouldBe(after);
    }
}
