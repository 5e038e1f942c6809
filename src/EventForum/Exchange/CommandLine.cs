using EventForum.Platform;
using JasperFx;
using JasperFx.CommandLine;

namespace EventForum.Exchange;

/// <summary>The commands that talk to a forum from outside: they need neither its database nor its services.</summary>
public static class CommandLine
{
    public static bool Knows(string[] args) => args is ["token" or "play" or "replay", ..];

    public static Task<int> RunAsync(string[] args) =>
        CommandExecutor
            .For(commands =>
            {
                commands.RegisterCommand<TokenCommand>();
                commands.RegisterCommand<PlayCommand>();
                commands.RegisterCommand<ReplayCommand>();
            })
            .ExecuteAsync(args);

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
