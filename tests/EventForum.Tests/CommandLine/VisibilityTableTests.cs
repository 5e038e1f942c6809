using EventForum.Audit;
using EventForum.CommandLine;
using EventForum.History;
using Spectre.Console;

namespace EventForum.Tests.CommandLine;

public sealed class VisibilityTableTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void it_says_whether_somebody_could_read_the_post_and_why() =>
        Shown(Asked(new EventActor(Guid.Empty, "tom"), false, null), isRedirected: true)
            .ShouldBe([
                "At 2026-03-01 12:00 UTC tom could not read it.",
                "2026-03-01 12:00  yes  The post stood in a thread",
                "                  no   tom had no role that reads the board",
            ]);

    [Fact]
    public void it_says_who_could_read_it() =>
        Shown(
            Asked(null, null, new Readership(false, ["staff"], [new EventActor(Guid.Empty, "tom")])),
            isRedirected: false
        )[0]
            .ShouldBe("At 2026-03-01 12:00 UTC it could be read by admins, the role staff, tom.");

    [Fact]
    public void nothing_in_it_steers_a_terminal() =>
        Shown(Asked(new EventActor(Guid.Empty, "t\u001b[2Jom"), true, null), isRedirected: false)
            .ShouldAllBe(line => !line.Contains('\u001b', StringComparison.Ordinal));

    private static Visibility Asked(EventActor? who, bool? visible, Readership? to) =>
        new(
            Guid.Empty,
            Then,
            null,
            who,
            visible,
            to,
            [
                new VisibilityFact("post", true, "The post stood in a thread", 7, Then),
                new VisibilityFact("roles", false, "tom had no role that reads the board", null, null),
            ]
        );

    private static List<string> Shown(Visibility answer, bool isRedirected)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = 100;
        VisibilityTable.Show(answer, console, isRedirected);
        return [.. text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
