using EventForum.Audit;
using EventForum.CommandLine;
using EventForum.History;
using Spectre.Console;

namespace EventForum.Tests.CommandLine;

public sealed class StoryTableTests
{
    private static readonly EventActor Moira = new(Guid.CreateVersion7(), "moira");

    [Fact]
    public void a_story_is_a_table_that_fits_a_hundred_columns_and_steers_no_terminal()
    {
        var reason = string.Join(' ', Enumerable.Repeat("off topic", 20)) + "\u001b[2J";
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = 100;

        StoryTable.On(console, isRedirected: false)(
            new StoryPage(
                new StorySubject("post", Guid.CreateVersion7(), "Herons", "tom", 12),
                [Entry("moira removed post 12 by tom", reason), Entry("moira restored post 12 by tom", null)],
                null
            ),
            true
        );

        var lines = text.ToString().Split('\n').Select(line => line.TrimEnd()).ToList();
        lines[0].ShouldBe("Post 12 by tom, in “Herons”");
        lines.Max(line => line.Length).ShouldBeLessThanOrEqualTo(100);
        text.ToString().ShouldNotContain('\u001b');
        // The name stands in a column of its own.
        lines.ShouldContain(line =>
            line.Contains("2026-03-01 12:00   moira              removed post 12 by tom", StringComparison.Ordinal)
        );
        lines.Count(line => line.Contains("in Herons", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static StoryEntry Entry(string sentence, string? reason) =>
        new(
            7,
            new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            "post_removed",
            "thread",
            Guid.Empty,
            3,
            Moira,
            sentence,
            reason,
            null,
            new StoryThread(Moira.Id, "Herons"),
            null,
            null,
            null,
            false
        );
}
