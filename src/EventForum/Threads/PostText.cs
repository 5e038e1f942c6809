using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

/// <summary>A body as it came, made into what an event keeps: the author's own text and what it quotes.</summary>
public sealed record PostText(string Body, IReadOnlyList<Quote> Quotes, Refusal? Refusal = null)
{
    public static PostNames NamesIn(string? body) => PostNames.None;

    public static PostText Read(string? raw, ThreadScene scene, PostState? edited = null)
    {
        var body = (raw ?? "").ReplaceLineEndings("\n").Trim();
        var length = PlainLine.Length(body);
        return body.Length == 0 ? Refuse(ThreadRefusals.BodyEmpty)
            : length > 100_000 ? Refuse(ThreadRefusals.BodyTooLong(length))
            : !PlainLine.IsWellFormed(body) ? Refuse(ThreadRefusals.BodyCharacters)
            : new PostText(body, []);
    }

    private static PostText Refuse(Refusal refusal) => new("", [], refusal);
}
