using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.CommandLine;

/// <summary>What the command line says about itself.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("token", "--roles")]
    [InlineData("play", "--url")]
    [InlineData("replay", "--speed")]
    [InlineData("import", "--board")]
    [InlineData("export", "--thread")]
    [InlineData("ask", "FILE")]
    [InlineData("audit", "--actor")]
    [InlineData("backtest", "--last")]
    public async Task help_describes_each_command_of_ours(string command, string flag)
    {
        await using var database = await TestDatabase.CreateAsync();

        var told = await ForumProcess.CommandAsync(database, "help", command);

        told.ShouldContain(flag);
        told.ShouldNotContain("Exception");
        told.ShouldNotContain("Searching");
    }

    [Fact]
    public async Task a_command_called_wrongly_is_answered_with_how_to_call_it()
    {
        await using var database = await TestDatabase.CreateAsync();

        foreach (var command in (string[])["token", "play", "replay", "ask", "audit"])
        {
            using var wrong = ForumProcess.Begin(database, command);
            var told =
                await wrong.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
                + await wrong.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await wrong.WaitForExitAsync(TestContext.Current.CancellationToken);
            wrong.ExitCode.ShouldBe(1);
            told.ShouldContain("Usage");
            told.ShouldNotContain("Exception");
        }
    }

    [Fact]
    public async Task help_lists_the_commands()
    {
        await using var database = await TestDatabase.CreateAsync();

        var told = await ForumProcess.CommandAsync(database, "help");

        foreach (
            var command in (string[])["ask", "backtest", "export", "import", "play", "replay", "token", "projections"]
        )
        {
            told.ShouldContain($"  {command} ");
        }
    }
}
