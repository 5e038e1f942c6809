using System.ComponentModel.DataAnnotations;
using EventForum.Acceptance.Harness;
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

    /// <summary>Starts threads with these titles, in a board of their own, and gives the positions of their events.</summary>
    public static async Task<IReadOnlyList<long>> StartAsync(ForumHost forum, params string[] titles)
    {
        var board = await forum.NewBoard();
        var positions = new List<long>();
        foreach (var title in titles)
        {
            positions.Add((await forum.Member().StartThread(board, title, "Text.")).ShouldBe(201).Position);
        }

        return positions;
    }

    /// <summary>What a version holds: a letter and its number a row.</summary>
    public static async Task<IReadOnlyList<string>> RowsAsync(TestDatabase database, int version) =>
        await database.ColumnAsync<string>(
            $"select character || ' ' || threads from forum.view_letter_count_v{version} order by 1"
        );
}
