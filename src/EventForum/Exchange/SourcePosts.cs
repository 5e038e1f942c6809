using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>A text that a post had, from a time on.</summary>
/// <param name="Author">The subject of who wrote it.</param>
internal sealed record SourceRevision(
    int Number,
    string Raw,
    DateTimeOffset At,
    string Author,
    string? Reason,
    string? Title,
    SourceLine Line
)
{
    /// <summary>Nobody knows its text: the source has only the one that it was changed to.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>A post with the texts that it had, first to last.</summary>
internal sealed record SourcePost(Guid Id, int Number, SourceLine Line, IReadOnlyList<SourceRevision> Revisions)
{
    /// <summary>Whether later posts are here already.</summary>
    public bool IsLate { get; init; }
}

/// <summary>Makes the posts of a thread, with the texts that they had, from a source's lines.</summary>
/// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
internal sealed class SourcePosts(Action<SourceLine, string, string, string?, string?> defect)
{
    public static Guid PostId(SourceLine line) => StableId.Of("post", line.Source, line.Post);

    /// <summary>The posts in the order of time, which is the order of their numbers.</summary>
    /// <param name="revisions">The texts that a post had, as another file has them; none when it does not.</param>
    public List<SourcePost> Of(IReadOnlyList<SourceLine> lines, Func<string, IReadOnlyList<SourceLine>> revisions)
    {
        var once = new Dictionary<string, SourceLine>(StringComparer.Ordinal);
        var before = DateTimeOffset.MinValue;
        foreach (var line in lines)
        {
            if (line.HadNoCharacter)
            {
                defect(
                    line,
                    "no-character",
                    "A NUL or half a surrogate pair reads as U+FFFD, or U+FFFD stands for a character that was lost before.",
                    line.Raw,
                    null
                );
            }

            if (!once.TryAdd(line.Post, line))
            {
                defect(
                    line,
                    "post-twice",
                    "The thread has a post of this id already; this one is not stored.",
                    line.Raw,
                    null
                );
                continue;
            }

            if (line.At < before)
            {
                defect(
                    line,
                    "time-order",
                    "It is older than the post before it, and is numbered by its time.",
                    null,
                    null
                );
            }

            before = line.At > before ? line.At : before;
        }

        return
        [
            .. once
                .Values.OrderBy(line => line.At)
                .Select((line, i) => new SourcePost(PostId(line), i + 1, line, Revisions(line, revisions(line.Post)))),
        ];
    }

    private List<SourceRevision> Revisions(SourceLine line, IReadOnlyList<SourceLine> texts)
    {
        var author = SourcePeople.Subject(line.Source, line.AuthorKey);
        var ordered = texts.OrderBy(revision => revision.Revision).ToList();
        if (ordered.Count > 0)
        {
            if (
                ordered
                    .Select(revision => revision.Revision)
                    .SequenceEqual(Enumerable.Range(1, ordered.Count).Cast<int?>())
                && PostBody.Normalise(ordered[^1].Body) == PostBody.Normalise(line.Body)
            )
            {
                var before = line.At;
                return
                [
                    .. ordered.Select(revision => new SourceRevision(
                        revision.Revision!.Value,
                        revision.Body,
                        before = revision.Revision == 1 ? line.At : NotBefore(before, revision.At, revision),
                        revision.Revision == 1 ? author : SourcePeople.Subject(revision.Source, revision.AuthorKey),
                        string.IsNullOrWhiteSpace(revision.Comment) ? null : revision.Comment.Trim(),
                        revision.Title,
                        revision
                    )),
                ];
            }

            defect(
                line,
                "revisions",
                "The revisions have gaps or do not end in the post's text; they are left out.",
                null,
                null
            );
        }

        var first = new SourceRevision(1, line.Body, line.At, author, null, null, line);
        if (line.EditedAt is not { } editedAt)
        {
            return [first];
        }

        var reason = string.IsNullOrWhiteSpace(line.EditReason) ? null : line.EditReason.Trim();
        var last = line.EditCount > 1 ? $"(the last of {line.EditCount} edits)" : null;
        return
        [
            first with
            {
                IsUnknown = true,
            },
            new SourceRevision(
                2,
                line.Body,
                NotBefore(line.At, editedAt, line),
                SourcePeople.Editor(line).Subject,
                reason is null ? last
                    : last is null ? reason
                    : $"{reason} {last}",
                null,
                line
            ),
        ];
    }

    /// <summary>Nothing happens to a post before what happened to it before: a thread's past is searched by time.</summary>
    private DateTimeOffset NotBefore(DateTimeOffset before, DateTimeOffset at, SourceLine line)
    {
        if (at >= before)
        {
            return at;
        }

        defect(
            line,
            "time-order",
            "An edit is older than the text that it changes; it gets that one's time.",
            null,
            null
        );
        return before;
    }
}
