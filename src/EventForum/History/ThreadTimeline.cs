using System.Text.Json.Serialization;

namespace EventForum.History;

/// <summary>A thread's whole life at a glance: what a chart of it is drawn from, bounded however long the thread is.</summary>
/// <param name="Version">The thread's version: the last moment there is.</param>
/// <param name="From">When the thread began.</param>
/// <param name="To">When the last of it happened.</param>
/// <param name="Buckets">
/// The life cut into 100 spans of equal length, in order; those in which nothing happened are left out.
/// </param>
/// <param name="Marks">
/// What happened besides posts, in order. What would be drawn on top of each other, changes of one kind in one span, is
/// one mark.
/// </param>
public sealed record ThreadTimeline(
    Guid ThreadId,
    long Version,
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<TimelineBucket> Buckets,
    IReadOnlyList<TimelineMark> Marks
)
{
    /// <summary>How many spans a life is cut into.</summary>
    public const int Spans = 100;

    /// <summary>How far into the thread's life a time is, from 0 to 1.</summary>
    public double ShareOf(DateTimeOffset time) => To <= From ? 0 : Math.Clamp((time - From) / (To - From), 0, 1);
}

/// <summary>A span of a thread's life.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends, and the next begins.</param>
/// <param name="FirstVersion">The thread's first version in it.</param>
/// <param name="LastVersion">The last one.</param>
/// <param name="Posts">How many posts were written in it, the thread's first among them.</param>
public sealed record TimelineBucket(
    DateTimeOffset From,
    DateTimeOffset To,
    long FirstVersion,
    long LastVersion,
    int Posts
);

/// <summary>Something that happened besides posts, or several such things.</summary>
/// <param name="Version">The thread's version that it brought; of several, the last one's.</param>
/// <param name="At">When it happened; of several, the last one.</param>
/// <param name="Type">The event's type, such as post_edited; of several, the last one's.</param>
/// <param name="Count">How many events it stands for.</param>
/// <param name="Sentence">What happened, for people.</param>
/// <param name="Kind">What it is shown as: edit, removal, rename, lock, pin or other.</param>
public sealed record TimelineMark(
    long Version,
    DateTimeOffset At,
    string Type,
    int Count,
    string Sentence,
    [property: JsonIgnore] string Kind
);

/// <summary>The events of one type in one span.</summary>
/// <param name="Span">From 0.</param>
/// <param name="Kind">What it is shown as: post, edit, removal, rename, lock, pin or other.</param>
/// <param name="LastAt">When the last of them happened.</param>
public sealed record TimelineCount(
    int Span,
    string Type,
    string Kind,
    int Count,
    long FirstVersion,
    long LastVersion,
    DateTimeOffset LastAt
);
