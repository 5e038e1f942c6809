using System.Text;

namespace EventForum.Platform;

/// <summary>
/// What one answer may cost. Whatever ends at one of these bounds says so: a page with <c>next</c>, a what-if with
/// <c>stoppedAt</c>, a replay with an event named <c>stopped</c>. How often one may ask is in <see cref="RequestLimits"/>.
/// </summary>
public static class Bounds
{
    /// <summary>Bytes of texts after which a page of a list ends: the item that goes beyond them is the last.</summary>
    public const int AnswerBytes = 2_000_000;

    /// <summary>
    /// Bytes of posts that the quotes of one page come out of, each revision counted once, and those of one text that is
    /// written. What a page quotes beyond that is left out, in the order in which it stands.
    /// </summary>
    public const int QuotedBytes = 4_000_000;

    /// <summary>Bytes after which a replay ends, to be taken up again after its last event.</summary>
    public const int ReplayBytes = 10_000_000;

    /// <summary>
    /// Steps that the differences between two texts may take; a step is a word of the one that meets a word of the other,
    /// and all of them take a tenth of a second. Beyond it, longer stretches are shown as replaced.
    /// </summary>
    public const long DiffSteps = 100_000_000;

    /// <summary>Steps after which a page of changes ends.</summary>
    public const long ComparedSteps = 200_000_000;

    /// <summary>Events of a thread that a what-if folds anew.</summary>
    public const int WhatIfEvents = 50_000;

    /// <summary>Characters of posts that a what-if folds anew.</summary>
    public const long WhatIfCharacters = 50_000_000;

    /// <summary>How long a what-if may take.</summary>
    public static readonly TimeSpan WhatIfTime = TimeSpan.FromSeconds(1);

    /// <summary>Events that a page with a filter looks at for those that pass it.</summary>
    public const int FilteredEvents = 20_000;

    /// <summary>Events of one thread that a page with a filter looks at.</summary>
    public const int FilteredEventsOfThread = 5_000;

    /// <summary>Revisions of a post that are listed at once, without their texts.</summary>
    public const int Revisions = 500;
}

/// <summary>Counts the bytes of an answer that is being put together.</summary>
public sealed class AnswerSize
{
    private long bytes;

    /// <summary>Nothing more should come into the answer; what goes beyond the bound is in it.</summary>
    public bool IsFull => bytes >= Bounds.AnswerBytes;

    public void Add(string? text) => bytes += text is null ? 0 : BytesOf(text);

    public void Add(long more) => bytes += more;

    /// <summary>A character of two UTF-16 units, such as an emoji, takes four bytes, and twelve where JSON escapes it.</summary>
    private static long BytesOf(string text)
    {
        var pairs = 0L;
        foreach (var unit in text)
        {
            pairs += char.IsHighSurrogate(unit) ? 1 : 0;
        }

        return Encoding.UTF8.GetByteCount(text) + 8 * pairs;
    }
}
