using System.Text.Json;
using EventForum.Exchange;
using EventForum.Threads.Quoting;

namespace EventForum.Tests.Exchange;

/// <summary>Lines of a source, what they become, and the defects that are told of them.</summary>
internal sealed class SourceLines
{
    public List<(string Kind, string? Original, string? Stored)> Defects { get; } = [];

    public List<SourceFact> Facts(params SourceLine[] posts) => Facts(posts, []);

    public List<SourceFact> Facts(SourceLine[] posts, SourceLine[] revisions, PostFormat usual = PostFormat.Markdown) =>
        [
            .. SourceThread
                .Of(
                    posts,
                    Guid.Parse("00000000-0000-8000-8000-000000000001"),
                    usual,
                    post => [.. revisions.Where(revision => revision.Post == post)],
                    (_, kind, _, original, stored) => Defects.Add((kind, original, stored))
                )
                .Facts,
        ];

    public static SourceLine Post(
        string id,
        int minute,
        string body,
        string author = "Somebody",
        Dictionary<string, object?>? more = null,
        string title = "Title"
    ) =>
        Line(
            new(more ?? [], StringComparer.Ordinal)
            {
                ["source"] = "s",
                ["thread"] = "t",
                ["thread_title"] = title,
                ["post"] = id,
                ["author"] = author,
                ["posted_at"] = $"2001-01-01T00:{minute:00}:00Z",
                ["body"] = body,
            }
        );

    public static SourceLine Revision(
        string post,
        int number,
        int minute,
        string text,
        string title,
        string author = "Somebody",
        string comment = ""
    ) =>
        Line(
            new(StringComparer.Ordinal)
            {
                ["source"] = "s",
                ["thread"] = "t",
                ["post"] = post,
                ["revision"] = number,
                ["author"] = author,
                ["at"] = $"2001-01-01T00:{minute:00}:00Z",
                ["comment"] = comment,
                ["text"] = text,
                ["title"] = title,
            }
        );

    private static SourceLine Line(Dictionary<string, object?> fields) =>
        SourceLine.Read("file", 1, JsonSerializer.SerializeToUtf8Bytes(fields), out _).ShouldNotBeNull();
}
