using System.Globalization;
using System.Text.RegularExpressions;

namespace EventForum.Questions.Policies;

/// <summary>A text that a member wrote: a post, or another revision of one.</summary>
/// <param name="Position">Of the event; it decides between two of the same time.</param>
/// <param name="MemberId">Who wrote it, which an editor is, too.</param>
/// <param name="Text">The revision as it was written; of a thread's first post with the title before it.</param>
internal sealed record PostWrite(
    long Position,
    Guid ThreadId,
    Guid PostId,
    Guid MemberId,
    DateTimeOffset At,
    string Text,
    bool IsEdit
);

/// <summary>What catches a text.</summary>
/// <param name="Rule">words, rate or links.</param>
/// <param name="What">What of it: the words, or how many.</param>
/// <param name="Index">Where in the text it stands; 0 where it is about the text as a whole.</param>
internal sealed record Catch(string Rule, string What, int Index);

/// <summary>More than so many posts of a member in so many minutes.</summary>
/// <param name="Edits">Whether edits count, and are caught, as posts are.</param>
internal sealed record RateRule(int Posts, double Minutes, bool Edits);

/// <summary>
/// Rules over posts: a post is caught when one of them catches it. Pure: a text, and what its author had written before.
/// </summary>
/// <param name="Words">Finds words; null for no such rule.</param>
/// <param name="LinksBefore">Links are caught of members with fewer posts than that; null for no such rule.</param>
internal sealed record Policy(Regex? Words, RateRule? Rate, int? LinksBefore)
{
    private static readonly Regex Link = new(
        @"\b(?:https?://|www\.)[^\s<>()\[\]""]+",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    /// <summary>Null when nothing catches it.</summary>
    /// <param name="member">All that its author ever wrote.</param>
    public Catch? Judge(PostWrite write, WriterHistory member)
    {
        if (Words?.Match(write.Text) is { Success: true } words)
        {
            return new Catch("words", words.Value, words.Index);
        }

        if (
            LinksBefore is { } enough
            && Link.Match(write.Text) is { Success: true } link
            && member.PostsBefore(write.At, write.Position) is var posts
            && posts < enough
        )
        {
            return new Catch("links", link.Value, link.Index);
        }

        if (Rate is { } rate && (rate.Edits || !write.IsEdit))
        {
            var within = member.WritesWithin(write.At, write.Position, TimeSpan.FromMinutes(rate.Minutes), rate.Edits);
            if (within > rate.Posts)
            {
                return new Catch(
                    "rate",
                    string.Create(CultureInfo.InvariantCulture, $"{within} in {rate.Minutes} minutes"),
                    0
                );
            }
        }

        return null;
    }
}
