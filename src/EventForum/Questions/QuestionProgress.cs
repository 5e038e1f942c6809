using System.Globalization;
using EventForum.Platform;

namespace EventForum.Questions;

/// <summary>Shows how many events a question has read, how fast, and how much of the history that is.</summary>
internal sealed class QuestionProgress(TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();
    private Action<long, long> show = (_, _) => { };

    /// <summary>How many events were read.</summary>
    public long Folded { get; set; }

    /// <summary>How much of the history has been passed, by positions: 0 to 1.</summary>
    public double Share { get; private set; }

    public Task<T> ShowAsync<T>(TextWriter to, Func<Task<T>> work) =>
        Progress.ShowAsync(
            "Positions",
            clock,
            shown =>
            {
                show = shown;
                return work();
            },
            Words,
            to
        );

    /// <summary>All positions up to one were read, of how many.</summary>
    public void Reached(long position, long last)
    {
        Share = position / (double)Math.Max(last, 1);
        show(position, last);
    }

    private string Words()
    {
        var seconds = Math.Max(clock.GetElapsedTime(start).TotalSeconds, 0.001);
        return string.Create(
            CultureInfo.InvariantCulture,
            $", {100 * Share:N0} %; {Folded:N0} events read, {Folded / seconds:N0} a second"
        );
    }
}
