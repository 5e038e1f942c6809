using EventForum.Threads;

namespace EventForum.Exchange;

/// <summary>Makes steps of posts: each text that they had, and each title that these brought. Pure but for the defects it reports.</summary>
internal sealed class SourceSteps(
    ThreadHere here,
    PostReading reading,
    Action<SourceLine, string, string, string?, string?> defect
)
{
    /// <summary>The title that the thread began with, as far as the first post's revisions lead from it to the last one.</summary>
    public static string? FirstTitle(SourcePost first) =>
        first.Revisions[^1].Title is { } last && last.Trim() == first.Line.Title?.Trim()
            ? first.Revisions[0].Title
            : first.Line.Title;

    /// <summary>
    /// What tells a revision apart. Where a source knows only the last edit of a post, a later one is another: it has the same
    /// number, and another time.
    /// </summary>
    public static string TextKey(ThreadHere here, SourcePost post, SourceRevision revision)
    {
        var key = $"text {revision.Number}";
        return
            post.Revisions[0].IsUnknown
            && here.Find(SourceThread.EventId(post.Line, key)) is { } stored
            && stored.At != revision.At
            ? $"{key} {revision.At:O}"
            : key;
    }

    /// <param name="first">The thread's first post, whose revisions may bring titles.</param>
    public IEnumerable<SourceStep> Of(IEnumerable<SourcePost> posts, SourcePost first)
    {
        var isTitled = FirstTitle(first) != first.Line.Title;
        foreach (var post in posts)
        {
            for (var i = 0; i < post.Revisions.Count; i++)
            {
                var revision = post.Revisions[i];
                var previous = i == 0 ? null : post.Revisions[i - 1];
                var next = post.Revisions.ElementAtOrDefault(i + 1);
                if (previous is null)
                {
                    yield return new SourceStep(post, revision, "", null, next);
                    continue;
                }

                var isText =
                    previous.IsUnknown
                    || revision.Raw != previous.Raw
                    || reading.FormatOf(post, revision) != reading.FormatOf(post, previous);
                var isTitle =
                    isTitled && post.Id == first.Id && revision.Title is not null && revision.Title != previous.Title;
                if (isText)
                {
                    yield return new SourceStep(post, revision, TextKey(here, post, revision), previous, next);
                }

                if (isTitle)
                {
                    yield return Titled(post, revision, previous);
                }

                if (!isText && !isTitle)
                {
                    defect(
                        revision.Line,
                        "revision-without-text",
                        "The revision changes neither the text nor the thread's title; it is not stored.",
                        revision.Line.Raw,
                        null
                    );
                }
            }
        }
    }

    private SourceStep Titled(SourcePost post, SourceRevision revision, SourceRevision previous)
    {
        var (renamed, flaw) = SourceText.Title(revision.Title);
        if (flaw is not null)
        {
            defect(revision.Line, flaw, "The title is outside the limits.", revision.Title, renamed);
        }

        return new SourceStep(post, revision, $"title {revision.Number}", previous, null)
        {
            Renamed = new ThreadRenamed(renamed, revision.Reason),
            Flaws = flaw is null ? [] : [flaw],
        };
    }
}
