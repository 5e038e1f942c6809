using EventForum.History;
using EventForum.Threads.Reading;

namespace EventForum.Web;

/// <summary>A moment in a thread's life, and the page on which it shows.</summary>
/// <param name="Event">What happened then.</param>
/// <param name="NextAt">When the next thing happened; null at the end.</param>
/// <param name="Around">What happened shortly before and after, the event itself among it.</param>
/// <param name="Page">The page of the changed post as it was then; the last page when the thread itself changed.</param>
/// <param name="Words">How an edit changed the text; null when it was none, or this reader may not see it.</param>
/// <param name="IsTextBeforeUnknown">Whether it changed a text that is not known.</param>
/// <param name="TitleBefore">The title that a renamed thread had.</param>
public sealed record ThreadMoment(
    HistoryEntry Event,
    DateTimeOffset? NextAt,
    IReadOnlyList<HistoryEntry> Around,
    ThreadPage Page,
    IReadOnlyList<WordChange>? Words,
    string? TitleBefore,
    bool IsTextBeforeUnknown = false
);

/// <summary>What happened to a post at the moment that a page shows.</summary>
/// <param name="Kind">The event's type.</param>
/// <param name="Words">How its text changed.</param>
/// <param name="IsTextBeforeUnknown">Whether nobody knows what it was before.</param>
public sealed record PostChange(string Kind, IReadOnlyList<WordChange>? Words, bool IsTextBeforeUnknown = false)
{
    public string Label =>
        Kind switch
        {
            "post_edited" => "Edited",
            "post_removed" => "Removed",
            "post_restored" => "Restored",
            _ => "New",
        };
}
