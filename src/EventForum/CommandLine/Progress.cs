using Spectre.Console;

namespace EventForum.CommandLine;

/// <summary>Shows how far a long command is: a bar in a terminal, elsewhere a line every two seconds. It goes to the error output.</summary>
internal static class Progress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static Task<T> ShowAsync<T>(string what, TimeProvider clock, Func<Action<long, long>, Task<T>> work)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!Console.IsErrorRedirected && terminal.Profile.Capabilities.Interactive)
        {
            return terminal
                .Progress()
                .StartAsync(context =>
                {
                    var bar = context.AddTask(Markup.Escape(what));
                    return work(
                        (done, total) =>
                        {
                            bar.MaxValue = Math.Max(total, 1);
                            bar.Value = done;
                        }
                    );
                });
        }

        var last = clock.GetTimestamp();
        return work(
            (done, total) =>
            {
                if (clock.GetElapsedTime(last) >= Interval)
                {
                    last = clock.GetTimestamp();
                    Console.Error.WriteLine($"{what}: {done:N0} of {total:N0}");
                }
            }
        );
    }
}
