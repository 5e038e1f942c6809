using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.History;

/// <summary>Says in a sentence what an event says in data. Pure; it tells nothing that a removal hides.</summary>
public static class Sentences
{
    private const string Someone = "Someone";

    /// <param name="description">Null when this program does not know the event's type.</param>
    /// <param name="data">The event; null when its type is not known, or it cannot be read.</param>
    /// <param name="subject">The name of the member that a member's event is about.</param>
    /// <param name="post">The post that the event is about.</param>
    /// <param name="quoted">Finds quoted posts.</param>
    /// <param name="isWithheld">Something of the data is withheld.</param>
    /// <param name="place">The name of the other thread or the board that the event names, where it is seen.</param>
    /// <param name="told">The post whose story is told.</param>
    /// <param name="withoutReason">The reason stands beside the sentence.</param>
    public static string Of(
        string type,
        EventDescription? description,
        object? data,
        EventActor? actor,
        EventPost? post,
        string? subject,
        Func<Guid, EventPost?> quoted,
        bool isWithheld = false,
        string? place = null,
        Guid? told = null,
        bool withoutReason = false
    )
    {
        var who = Bidi.Isolate(actor?.Name ?? Someone);
        return description is null || data is null
            ? $"{who}: {type.Replace('_', ' ')}"
            : description.Sentence(
                data,
                new EventWords(
                    who,
                    Bidi.Isolate(subject ?? "a member"),
                    post is null ? "a post"
                        : post.Author.Id == actor?.Id ? $"post {post.Number}"
                        : ByAuthor(post),
                    Quoting(
                        description.QuotedPostsOf(data).Distinct().Select(quoted).OfType<EventPost>(),
                        PostEvents.ParentOf(data) is { } parent ? quoted(parent) : null
                    ),
                    isWithheld
                )
                {
                    Place = place is null ? null : $"“{Bidi.Isolate(place)}”",
                    Told = told,
                    WithoutReason = withoutReason,
                }
            );
    }

    /// <param name="parent">The post that it answers; who quotes it says so already.</param>
    private static string Quoting(IEnumerable<EventPost> sources, EventPost? parent)
    {
        var all = sources.ToList();
        return (parent is null || all.Exists(source => source.Id == parent.Id) ? "" : ", answering " + ByAuthor(parent))
            + (all.Count == 0 ? "" : ", quoting " + string.Join(" and ", all.Select(ByAuthor)));
    }

    private static string ByAuthor(EventPost post) => $"post {post.Number} by {Bidi.Isolate(post.Author.Name)}";
}
