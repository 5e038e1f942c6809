using System.Text.RegularExpressions;
using DiffPlex;
using EventForum.Platform;

namespace EventForum.Threads.Quoting;

public enum DiffKind
{
    Same,
    Added,
    Removed,
}

/// <summary>A stretch of text that two texts share, or that one of them lacks.</summary>
public sealed record Difference(DiffKind Kind, string Text);

/// <summary>Counts the steps that comparisons take, so that whoever makes several of them can stop in time.</summary>
public sealed class DiffWork(CancellationToken cancellation = default)
{
    private long left;

    public long Steps { get; private set; }

    /// <summary>The next two texts may take as many steps as any.</summary>
    internal void Begin() => left = Bounds.DiffSteps;

    /// <summary>Whether so many words may still be compared with each other.</summary>
    internal bool Allows(long words)
    {
        cancellation.ThrowIfCancellationRequested();
        var steps = words * words;
        if (steps > left)
            return false;
        left -= steps;
        Steps += steps;
        return true;
    }
}

/// <summary>What changed between two revisions of a text, word by word.</summary>
public static partial class WordDiff
{
    // The time grows with the square of what differs; this many tokens, all different, take 30 ms.
    private const int MaxTokens = 5_000;

    private static readonly Regex[] Coarser = [Line, Sentence];

    /// <summary>
    /// What is same or removed makes up <paramref name="before"/>, what is same or added <paramref name="after"/>.
    /// Where much differs, lines are compared first, then sentences, and words only inside those that changed. Where that
    /// takes too many steps, what differs is shown as replaced.
    /// </summary>
    public static IReadOnlyList<Difference> Between(string before, string after, DiffWork? work = null)
    {
        work ??= new DiffWork();
        work.Begin();
        var readable = new ReadableDifferences();
        foreach (var difference in Compare(before, after, work, coarser: 0))
            readable.Add(difference);
        return readable.ToList();
    }

    private static IEnumerable<Difference> Compare(string before, string after, DiffWork work, int coarser)
    {
        var (old, now) = (Tokens(before, Word), Tokens(after, Word));
        var head = old.Zip(now).TakeWhile(IsSame).Count();
        var tail = old.Skip(head).Reverse().Zip(now.Skip(head).Reverse()).TakeWhile(IsSame).Count();
        var removed = string.Concat(old[head..^tail]);
        var added = string.Concat(now[head..^tail]);
        var size = old.Count + now.Count - (2 * (head + tail));

        return
        [
            new(DiffKind.Same, string.Concat(old[..head])),
            .. size <= MaxTokens ? By(Word, removed, added, work, Replaced)
            : coarser == Coarser.Length ? Replaced(removed, added)
            : By(Coarser[coarser], removed, added, work, (a, b) => Compare(a, b, work, coarser + 1)),
            new(DiffKind.Same, string.Concat(old[^tail..])),
        ];

        static bool IsSame((string Old, string New) pair) =>
            string.Equals(pair.Old, pair.New, StringComparison.Ordinal);
    }

    private static IEnumerable<Difference> By(
        Regex unit,
        string before,
        string after,
        DiffWork work,
        Func<string, string, IEnumerable<Difference>> changed
    )
    {
        var count = unit.Count(before) + unit.Count(after);
        if (count > MaxTokens || !work.Allows(count))
            return Replaced(before, after);
        var diff = Differ.Instance.CreateDiffs(before, after, false, false, new Chunker(unit));
        var at = 0;
        return
        [
            .. diff.DiffBlocks.SelectMany(block =>
            {
                var same = Joined(diff.PiecesOld, at, block.DeleteStartA - at);
                at = block.DeleteStartA + block.DeleteCountA;
                return changed(
                        Joined(diff.PiecesOld, block.DeleteStartA, block.DeleteCountA),
                        Joined(diff.PiecesNew, block.InsertStartB, block.InsertCountB)
                    )
                    .Prepend(new(DiffKind.Same, same));
            }),
            new(DiffKind.Same, Joined(diff.PiecesOld, at, diff.PiecesOld.Count - at)),
        ];
    }

    private static IEnumerable<Difference> Replaced(string before, string after) =>
        [new(DiffKind.Removed, before), new(DiffKind.Added, after)];

    private static string Joined(IReadOnlyList<string> pieces, int start, int count) =>
        string.Concat(pieces.Skip(start).Take(count));

    private static List<string> Tokens(string text, Regex unit) => [.. unit.Matches(text).Select(match => match.Value)];

    private sealed class Chunker(Regex unit) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => Tokens(text, unit);
    }

    // A word; white space; a Chinese or Japanese character; an emoji whole, surrogates and joiners; any other sign.
    [GeneratedRegex(
        @"\s+|[\u3040-\u30ff\u3400-\u9fff]|[\w-[\u3040-\u30ff\u3400-\u9fff]]+|[\p{Cs}\p{M}\u200d]+|.",
        RegexOptions.Singleline
    )]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"[^\n.!?]*[\n.!?]+|[^\n.!?]+")]
    private static partial Regex Sentence { get; }

    [GeneratedRegex(@"[^\n]*\n|[^\n]+")]
    private static partial Regex Line { get; }
}
