using EventForum.Platform;
using JasperFx;
using JasperFx.CommandLine;

namespace EventForum.Exchange;

/// <summary>The program's own commands. A description of a usage is markup: brackets in it would be read as tags.</summary>
public static class CommandLine
{
    /// <summary>Whether the command needs neither the forum's database nor its services.</summary>
    public static bool Knows(string[] args) =>
        args is ["token" or "play" or "replay", ..] or ["help", "token" or "play" or "replay" or "import" or "export"];

    /// <summary>Whether the program answers requests: without a command, and with <c>run</c>.</summary>
    public static bool Serves(string[] args) => args is [] or ["run" or ['-', ..], ..];

    public static async Task<int> RunAsync(string[] args)
    {
        var ended = await CommandExecutor
            .For(commands =>
            {
                commands.RegisterCommand<TokenCommand>();
                commands.RegisterCommand<PlayCommand>();
                commands.RegisterCommand<ReplayCommand>();
                commands.RegisterCommand<ImportCommand>();
                commands.RegisterCommand<ExportCommand>();
            })
            .ExecuteAsync(args);
        // Help about a command ends like a command that was called wrongly.
        return args is ["help", ..] ? 0 : ended;
    }

    /// <summary>
    /// Runs a command beside the built program, which neither serves nor keeps up views meanwhile. Ours go without
    /// the search for other commands, which prints to standard output.
    /// </summary>
    public static Task<int> RunAsync(string[] args, IHost host) =>
        args is ["import" or "export", ..]
            ? CommandExecutor
                .For(commands =>
                {
                    commands.RegisterCommand<ImportCommand>();
                    commands.RegisterCommand<ExportCommand>();
                    commands.ConfigureRun = run =>
                    {
                        if (run.Input is HostInput input)
                        {
                            input.Services = host.Services;
                        }
                    };
                })
                .ExecuteAsync(args)
            : host.RunJasperFxCommands(args);
}

/// <summary>What a command gets that runs beside the built program.</summary>
public abstract class HostInput
{
    [IgnoreOnCommandLine]
    public IServiceProvider Services { get; set; } = null!;
}
