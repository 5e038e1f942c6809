using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Threads.Quoting;

namespace EventForum.Threads.Reading;

/// <summary>Twenty posts of a thread, with its header.</summary>
/// <param name="Version">The number of events in the thread's history.</param>
/// <param name="PostCount">How many posts it has; in a what-if, how many are left.</param>
/// <param name="Locked">Why it takes no replies; null while it does.</param>
/// <param name="Pinned">Whether its board lists it before the others.</param>
/// <param name="Page">From 1.</param>
/// <param name="Permalink">Where this page can be read as it is here, for ever.</param>
/// <param name="AsOf">The moment that the page shows; left out when that is now.</param>
/// <param name="WhatIf">Says that the thread was never so, and what is left out of it; left out of every real page.</param>
/// <param name="LastNumber">The last number that is taken: that of the newest post, unless it moved elsewhere.</param>
/// <param name="Moved">Runs of numbers on this page whose posts have moved elsewhere; left out where there are none.</param>
public sealed record ThreadPage(
    Guid Id,
    string Title,
    BoardLink Board,
    MemberCard Starter,
    DateTimeOffset StartedAt,
    long Version,
    int PostCount,
    string? Locked,
    bool Pinned,
    int Page,
    int PageCount,
    string Permalink,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AsOf,
    IReadOnlyList<PostView> Posts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WhatIf? WhatIf = null,
    int LastNumber = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MovedRun>? Moved = null
)
{
    public const int PostsPerPage = 20;

    /// <summary>In which order the posts stand; left out where that is by number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PostOrder Order { get; init; }

    /// <summary>The thread where all posts are now; null while some are here.</summary>
    [JsonIgnore]
    internal Guid? MovedTo { get; init; }

    public static int PageOf(int number) => (number - 1) / PostsPerPage + 1;
}

/// <summary>Numbers that follow each other, whose posts are in another thread.</summary>
/// <param name="First">The first of the numbers.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Posts">How many posts that were; a number may be one that nobody has had for long.</param>
/// <param name="ThreadId">The thread that they moved to; null where that is not known, or not to be seen.</param>
/// <param name="Title">Its title now; null with the thread.</param>
/// <param name="By">Who moved them; null where that is not known.</param>
/// <param name="At">When.</param>
public sealed record MovedRun(
    int First,
    int Last,
    int Posts,
    Guid? ThreadId,
    string? Title,
    MemberCard? By,
    DateTimeOffset? At,
    string? Reason
);

public sealed record BoardLink(Guid Id, string Name);

/// <summary>Who has a thread open.</summary>
/// <param name="Members">Names of members, in order.</param>
/// <param name="Guests">How many who have not signed in, or have and never wrote.</param>
public sealed record Viewers(IReadOnlyList<string> Members, int Guests);

/// <summary>A post as a reader sees it.</summary>
/// <param name="Number">Its number in the thread, from 1.</param>
/// <param name="EditedAt">When its newest revision was made; null while it is the first.</param>
/// <param name="Revision">From 1.</param>
/// <param name="State">visible or removed.</param>
/// <param name="Removal">Who removed it and why; null while it is visible.</param>
/// <param name="Body">The text in its format, with quote blocks, as its author would edit it; null when this reader may not see it.</param>
/// <param name="Html">The same as safe HTML; null with the body.</param>
/// <param name="Quotes">What it quotes.</param>
/// <param name="AnsweredVersion">The thread's version that it answered; null on the first post.</param>
/// <param name="Withheld">In the past: it stood then, but has been removed since, so this reader may not see it.</param>
/// <param name="Orphaned">In a what-if: it quotes or answers what is left out.</param>
public sealed record PostView(
    Guid Id,
    int Number,
    MemberCard Author,
    DateTimeOffset PostedAt,
    DateTimeOffset? EditedAt,
    MemberCard? EditedBy,
    string? EditReason,
    int Revision,
    PostVisibility State,
    Removal? Removal,
    string? Body,
    string? Html,
    IReadOnlyList<QuoteView> Quotes,
    long? AnsweredVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Withheld = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Orphaned = false
)
{
    /// <summary>Its words were taken out of the forum, for everyone: body and html are empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Redacted { get; init; }

    /// <summary>The text that it had is not known: body and html are empty. Left out where it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UnknownText? Unknown { get; init; }

    /// <summary>How the body is written; null with it.</summary>
    public PostFormat? Format { get; init; }

    /// <summary>The post that it answers, wherever that is; null where it is not known, or not to be seen.</summary>
    public Guid? ParentId => Parent?.Id;

    /// <summary>Its number and its author; null with it.</summary>
    public ParentView? Parent { get; init; }

    /// <summary>An import brought it when posts were here that had been written after it; left out where it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Late { get; init; }

    /// <summary>In the order of answers: how many posts it answers one through the other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Depth { get; init; }

    [JsonIgnore]
    public string? PlainText => Text?.PlainText;

    [JsonIgnore]
    internal ShownText? Text { get; init; }
}

/// <summary>A text that is not known: the source that it was imported from knows only what it was changed to.</summary>
/// <param name="Until">When it was changed; null in a what-if.</param>
/// <param name="Revision">The revision that has the later text; null with the time.</param>
/// <param name="Body">The later text in its format; null with the time.</param>
/// <param name="Html">The same as safe HTML.</param>
public sealed record UnknownText(DateTimeOffset? Until, int? Revision, string? Body, string? Html);

/// <summary>A post that another one answers.</summary>
/// <param name="ThreadId">The thread that it is in: another one where one of the two has moved.</param>
/// <param name="Number">Its number there.</param>
public sealed record ParentView(Guid Id, Guid ThreadId, int Number, MemberCard Author);

[JsonConverter(typeof(JsonStringEnumConverter<PostVisibility>))]
public enum PostVisibility
{
    [JsonStringEnumMemberName("visible")]
    Visible,

    [JsonStringEnumMemberName("removed")]
    Removed,
}

/// <param name="ByAuthor">The author removed it, rather than a moderator.</param>
/// <param name="Waits">Nobody removed it: its author is silenced, and it waits for a moderator.</param>
/// <param name="AlsoByAuthor">A moderator removed it, and so did its author: it comes back when both have restored it.</param>
public sealed record Removal(
    MemberCard By,
    DateTimeOffset At,
    string? Reason,
    bool ByAuthor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AlsoByAuthor = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Waits = false
);

/// <summary>A quote and how it stands to its source.</summary>
/// <param name="PostId">The quoted post; null when it is hidden, as all else is then.</param>
/// <param name="ThreadId">Its thread; null when it is missing.</param>
/// <param name="Number">Its number in its thread; null when it is missing.</param>
/// <param name="Author">Who wrote it; null when it is missing.</param>
/// <param name="Revision">The revision that was quoted.</param>
/// <param name="State">
/// exact, edited-since, removed, erased, missing (not in this forum: only what was imported quotes such posts), hidden
/// (in a board that this reader does not see), or, in a what-if, orphaned.
/// </param>
/// <param name="Text">The quoted words; null when they may not be seen any more, and when they are truncated.</param>
/// <param name="Truncated">The post shows 200,000 characters without these words; the quoted post has them.</param>
public sealed record QuoteView(
    Guid? PostId,
    Guid? ThreadId,
    int? Number,
    MemberCard? Author,
    int? Revision,
    string State,
    string? Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Truncated = false
)
{
    /// <summary>How the quoted words are written; null when the post is missing or hidden.</summary>
    public PostFormat? Format { get; init; }
}
