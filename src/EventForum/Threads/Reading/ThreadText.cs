using System.Globalization;
using System.Text;
using EventForum.Platform;

namespace EventForum.Threads.Reading;

/// <summary>A thread page as plain text, to be read: title, then for each post its author, the author's title, the body.</summary>
public static class ThreadText
{
    public static byte[] Of(ThreadPage page)
    {
        var text = new StringBuilder();
        if (page.WhatIf is { } whatIf)
        {
            Line(
                $"(a what-if, without {string.Join(", ", whatIf.Without.Select(Bidi.Isolate))}: {whatIf.LeftOutPosts} posts left out, {whatIf.OrphanedReplies} replies and {whatIf.OrphanedQuotes} quotes orphaned)"
            );
        }

        Line(page.Pinned ? $"{Bidi.Isolate(page.Title)} (pinned)" : page.Title);
        if (page.Locked is not null)
        {
            Line($"(locked: {Bidi.Isolate(page.Locked)})");
        }

        foreach (var post in page.Posts)
        {
            Line(post.Author.Name);
            Line(post.Author.Title);
            // Who quotes what it answers says so already.
            if (post.Parent is { } parent && post.Quotes.All(quote => quote.PostId != parent.Id))
            {
                Line($"(answers #{parent.Number} by {Bidi.Isolate(parent.Author.Name)})");
            }

            if (post.Late)
            {
                Line(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"(came in late: written on {post.PostedAt.UtcDateTime:d MMMM yyyy})"
                    )
                );
            }

            Line(
                post.Unknown is { } unknown
                    ? $"({(unknown.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"changed on {until.UtcDateTime:d MMMM yyyy}; the text before is not known") : "its text is not known")})"
                : post is { Redacted: true, PlainText: not null } ? $"(redacted)\n\n{post.PlainText}".TrimEnd()
                : post.PlainText ?? RemovalOf(post)
            );
        }

        if (page.PageCount > 1)
        {
            Line($"Page {page.Page} of {page.PageCount}");
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(string line) => text.Append(line).Append("\n\n");
    }

    private static string RemovalOf(PostView post) =>
        post.Removal is { } removal
            ? $"(removed by {(removal.ByAuthor ? "its author" : Bidi.Isolate(removal.By.Name))}{(removal.AlsoByAuthor ? " and by its author" : "")}{(removal.Reason is null ? "" : ": " + Bidi.Isolate(removal.Reason))})"
        : post.Withheld ? "(removed since)"
        : "";
}
