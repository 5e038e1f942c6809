using EventForum.Platform;
using JasperFx;
using JasperFx.CommandLine;
using Marten;

namespace EventForum.CommandLine;

/// <summary>The program's own commands. A description of a usage is markup: brackets in it would be read as tags.</summary>
public static class ProgramCommands
{
    /// <summary>Whether the command needs neither the forum's database nor its services.</summary>
    public static bool Knows(string[] args) =>
        args
            is ["token" or "play" or "replay" or "ask", ..]
                or ["audit", not ("verify" or "retain"), ..]
                or [
                    "help",
                    "token"
                    or "play"
                    or "replay"
                    or "ask"
                    or "audit"
                    or "erase"
                    or "import"
                    or "export"
                    or "views"
                    or "backtest",
                ]
        || (args is ["views", ..] && !ViewsCommand.NeedsDatabase(args))
        || (args is ["export", ..] && (args.Contains("--html") || args.Contains("--mbox")));

    /// <summary>Whether the program answers requests: without a command, and with <c>run</c>.</summary>
    public static bool Serves(string[] args) => args is [] or ["run" or ['-', ..], ..];

    public static async Task<int> RunAsync(string[] args)
    {
        // A question reads its own arguments.
        if (args is ["ask", var question, .. var rest])
        {
            return await AskCommand.RunAsync(question, rest);
        }

        var ended = await CommandExecutor
            .For(commands =>
            {
                commands.RegisterCommand<TokenCommand>();
                commands.RegisterCommand<PlayCommand>();
                commands.RegisterCommand<ReplayCommand>();
                commands.RegisterCommand<AskCommand>();
                commands.RegisterCommand<AuditCommand>();
                commands.RegisterCommand<EraseCommand>();
                commands.RegisterCommand<ViewsCommand>();
                commands.RegisterCommand<ImportCommand>();
                commands.RegisterCommand<ExportCommand>();
                commands.RegisterCommand<BacktestCommand>();
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
        args switch
        {
            ["views", "backtest", .. var rest] => RunOwnAsync(["backtest", .. rest], host),
            ["views" or "audit", ..] => DatabaseLock.BesideOthersAsync(
                host.Services,
                async () =>
                {
                    await host.Services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
                    return await RunOwnAsync(args, host);
                }
            ),
            ["erase", ..] => DatabaseLock.AloneAsync(
                host.Services,
                async () =>
                {
                    await host.Services.GetRequiredService<SchemaUpgrade>().ApplyAsync();
                    var code = await RunOwnAsync(args, host);
                    if (code == 0)
                    {
                        await EraseCommand.CompleteAsync(host.Services);
                    }

                    return code;
                }
            ),
            ["import", ..] => DatabaseLock.BesideOthersAsync(host.Services, () => RunOwnAsync(args, host)),
            ["export" or "backtest", ..] => RunOwnAsync(args, host),
            ["projections", ..] when args.Contains("rebuild") => DatabaseLock.RebuildAsync(
                host.Services,
                Projections(args, host),
                // Marten gives a projection five minutes otherwise, and leaves it half made. They are made in the order of
                // their registration: views look posts up in the table that is made before them.
                () =>
                    host.RunJasperFxCommands([
                        .. args,
                        .. args.Contains("--shard-timeout") ? (string[])[] : ["--shard-timeout", "30d"],
                        .. args.Contains("--max-concurrent") ? (string[])[] : ["--max-concurrent", "1"],
                    ])
            ),
            ["projections", ..] when args.Contains("list") => host.RunJasperFxCommands(args),
            ["projections" or "marten", ..]
            or ["resources", "clear" or "teardown", ..]
            or ["storage", not "counts", ..] => DatabaseLock.AloneAsync(
                host.Services,
                () => host.RunJasperFxCommands(args)
            ),
            _ => host.RunJasperFxCommands(args),
        };

    /// <summary>Which projections a rebuild is of: the one that it names, or all.</summary>
    private static string[] Projections(string[] args, IHost host)
    {
        var flag = Array.FindIndex(args, argument => argument is "-p" or "--projection");
        var named = flag < 0 ? null : args.ElementAtOrDefault(flag + 1);
        var all = host.Services.GetRequiredService<IDocumentStore>().Options.Events.Projections().Select(p => p.Name);
        return all.FirstOrDefault(name => string.Equals(name, named, StringComparison.OrdinalIgnoreCase)) is { } one
            ? [one]
            : [.. all];
    }

    private static Task<int> RunOwnAsync(string[] args, IHost host) =>
        CommandExecutor
            .For(commands =>
            {
                commands.RegisterCommand<ImportCommand>();
                commands.RegisterCommand<ExportCommand>();
                commands.RegisterCommand<BacktestCommand>();
                commands.RegisterCommand<ViewsCommand>();
                commands.RegisterCommand<AuditCommand>();
                commands.RegisterCommand<EraseCommand>();
                commands.ConfigureRun = run =>
                {
                    if (run.Input is HostInput input)
                    {
                        input.Services = host.Services;
                    }
                };
            })
            .ExecuteAsync(args);
}

/// <summary>What a command gets that runs beside the built program.</summary>
public abstract class HostInput
{
    [IgnoreOnCommandLine]
    public IServiceProvider Services { get; set; } = null!;
}
