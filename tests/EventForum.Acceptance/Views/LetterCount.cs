using System.ComponentModel.DataAnnotations;
using EventForum.Threads;
using EventForum.Views.Framework;

namespace EventForum.Acceptance.Views;

/// <summary>A view of the tests: how often threads begin with each letter. It fails on titles as it is told to.</summary>
internal sealed class LetterCount(int version = 1, Func<string, bool>? fails = null) : IView<LetterCount.Letter>
{
    public string Name => "letter-count";

    public int Version => version;

    public string Summary => "Threads by the first letter of their title.";

    public sealed record Letter([property: Key] string Character, int Threads = 0);

    public IEnumerable<Letter> RowsOf(ViewEvent e) =>
        e.Data is ThreadStarted started ? [new Letter(started.Title[..1])] : [];

    public Letter Evolve(Letter row, ViewEvent e)
    {
        var title = ((ThreadStarted)e.Data).Title;
        return fails?.Invoke(title) == true
            ? throw new InvalidOperationException($"There is no letter in {title}.")
            : row with
            {
                Threads = row.Threads + version,
            };
    }
}
