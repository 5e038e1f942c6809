using EventForum.Platform;

namespace EventForum.Threads.Quoting;

/// <summary>
/// Counts what a post shows, its own words first and then those that it quotes, in order: quotes refer to words and copy
/// none, so that a short post could show any number of them.
/// </summary>
/// <param name="own">How many characters are the post's own.</param>
public sealed class ShownWords(int own)
{
    /// <summary>What a post may show, in Unicode scalar values: a body of the greatest length, and as much quoted.</summary>
    public const int Max = 2 * PostBody.MaxLength;

    private long shown = own;

    /// <summary>Whether quoted words did not fit in.</summary>
    public bool IsFull => shown > Max;

    /// <summary>Whether the post has room for these quoted words. Once it had not, it has none for any that follow.</summary>
    public bool Add(string? words)
    {
        shown += PlainLine.Length(words ?? "");
        return !IsFull;
    }
}
