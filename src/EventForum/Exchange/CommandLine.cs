using EventForum.Platform;
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
}
