using Spectre.Console;

namespace EventForum.Platform;

/// <summary>Shows how far a long command is: a bar in a terminal, elsewhere a line every two seconds. It goes to the error output.</summary>
internal static class Progress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <param name="more">What else there is to say, such as how fast it goes.</param>
    /// <param name="to">Where it goes in place of the error output.</param>
    public static Task<T> ShowAsync<T>(
        string what,
        TimeProvider clock,
        Func<Action<long, long>, Task<T>> work,
        Func<string>? more = null,
        TextWriter? to = null
    )
    {
        to ??= Console.Error;
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        if (
            ReferenceEquals(to, Console.Error)
            && !Console.IsErrorRedirected
            && terminal.Profile.Capabilities.Interactive
        )
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
                            if (more is not null)
                            {
                                bar.Description = Markup.Escape($"{what}{more()}");
                            }
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
                    to.WriteLine($"{what}: {done:N0} of {total:N0}{more?.Invoke()}");
                }
            }
        );
    }
}
