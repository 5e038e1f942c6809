namespace EventForum.Acceptance.Access;

/// <summary>What of a post.</summary>
[Flags]
internal enum Of
{
    Nothing = 0,
    Words = 1,
    Author = 2,
    Number = 4,
    Place = Author | Number,
    All = Words | Place,
}

/// <summary>What a route shows of a post to who sees its board.</summary>
/// <param name="Query">Has the route show the posts.</param>
/// <param name="Visible">Of a post that is asked about.</param>
/// <param name="Removed">Of one that has been removed.</param>
/// <param name="Moderated">The same, to who moderates the board.</param>
internal sealed record Shows(
    string Query = "",
    Of Visible = Of.Nothing,
    Of Removed = Of.Nothing,
    Of Moderated = Of.Nothing
)
{
    /// <summary>Has the route show the posts that quote these.</summary>
    public string? QuotedQuery { get; init; }

    /// <summary>Of a visible post, where the one is asked about that quotes it.</summary>
    public Of Quoted { get; init; }

    /// <summary>Of a removed post there.</summary>
    public Of QuotedRemoved { get; init; }

    /// <summary>The same, to who moderates the board of the removed post; null where it makes no difference.</summary>
    public Of? QuotedModerated { get; init; }

    /// <summary>Of posts that quote a public one, where that is asked about.</summary>
    public Of Quoting { get; init; }

    /// <summary>Who gets an answer, where not everybody does who sees the board.</summary>
    public string[]? To { get; init; }

    /// <summary>The same for the post that quotes, whose author is the named member.</summary>
    public string[]? QuotedTo { get; init; }

    /// <summary>Of several alike it tells of the last: what it shows is a part of this.</summary>
    public bool IsSummary { get; init; }
}

/// <summary>What every route that reads shows of a post: the one table that <see cref="EveryStateTests"/> compares answers with.</summary>
internal static class ShownByRoute
{
    public const Of Texted = Of.Words | Of.Author;

    private static readonly Shows Nothing = new();

    private static readonly Shows Posts = new("", Of.All, Of.Place, Of.All)
    {
        Quoted = Of.All,
        QuotedRemoved = Of.Place,
    };

    private static readonly Shows Texts = new("", Texted, Of.Nothing, Texted)
    {
        Quoted = Texted,
        QuotedRemoved = Of.Author,
    };

    private static readonly Shows Stories = new("", Of.All, Of.Nothing, Of.All)
    {
        To = GuardedForum.Moderating,
        Quoted = Of.Place,
        QuotedRemoved = Of.Place,
        QuotedTo = ["admin"],
    };

    /// <summary>Sentences without the words.</summary>
    private static readonly Shows StoryPages = Stories with { Visible = Of.Place, Moderated = Of.Place };

    /// <summary>What was removed between the two moments was never there.</summary>
    private static readonly Shows Comparison = new("?from=43", Of.All, Of.Place, Of.Place)
    {
        QuotedQuery = "?from=0",
        Quoted = Texted,
        QuotedRemoved = Of.Author,
    };

    /// <summary>Lists of threads and boards name who posted last, which is none of these.</summary>
    public static readonly Dictionary<string, Shows> Table = new(StringComparer.Ordinal)
    {
        ["/"] = Nothing,
        // Without a position; TransparencyLogTests ask for one.
        ["/api/audit/proof"] = Nothing,
        // Hashes of the log.
        ["/api/audit/consistency"] = Nothing,
        // What the feed shows, to who moderates. Of the boards with posts that quote the guarded ones, nobody else does.
        ["/api/audit/batches/{batchId}"] = new("", Moderated: Of.Place),
        ["/api/audit/boards/{boardId}"] = Nothing,
        ["/api/audit/members/{memberId}"] = Nothing,
        ["/api/audit/posts/{postId}"] = Stories with { Quoting = Texted },
        ["/api/audit/threads/{threadId}"] = Stories with { Query = "?limit=500" },
        // It says who could read a post, not what it says.
        ["/api/audit/visibility"] = Nothing,
        ["/api/boards"] = Nothing,
        ["/api/boards/{boardId}/moderation-log"] = Nothing,
        ["/api/boards/{boardId}/permissions"] = Nothing,
        ["/api/boards/{boardId}/threads"] = Nothing,
        // Without those that say who has become a member.
        ["/api/events"] = new(
            "?limit=500&types=thread_started,reply_posted,post_edited,post_removed",
            Of.All,
            Of.Place,
            Of.All
        ),
        // Nothing is decided about the reported posts.
        ["/api/cases/{caseId}/statement"] = Nothing,
        ["/api/me/data"] = Nothing,
        ["/api/me/decisions"] = Nothing,
        ["/api/me/reports"] = Nothing,
        ["/api/me/standing"] = Nothing,
        ["/api/members"] = Nothing,
        ["/api/members/{memberId}"] = Nothing,
        ["/api/members/{memberId}/data"] = Nothing,
        ["/api/members/{memberId}/erasure"] = Nothing,
        ["/api/members/{memberId}/roles"] = Nothing,
        ["/api/members/{memberId}/standing"] = Nothing,
        ["/api/moderation/batches/{batchId}"] = new("", Moderated: Of.Place),
        // Of the posts that were removed, a moderator removed some.
        // Of the posts of each state, the visible one is reported.
        ["/api/moderation/cases"] = new("", Of.Place, Of.Place, Of.Place)
        {
            To = GuardedForum.Moderating,
            IsSummary = true,
        },
        ["/api/moderation/cases/{caseId}"] = new("", Of.All) { To = GuardedForum.Moderating },
        ["/api/moderation/log"] = new("?limit=500", Moderated: Of.Author) { IsSummary = true },
        ["/api/posts/{postId}"] = Posts,
        ["/api/posts/{postId}/answers"] = new("", Of.Author, Of.Author, Of.Author),
        ["/api/posts/{postId}/diff"] = Texts with { Query = "?from=1&to=1", Visible = Of.Words, Moderated = Of.Words },
        ["/api/posts/{postId}/quotable"] = new("", Texted),
        ["/api/posts/{postId}/quoted-by"] = new() { Quoting = Of.Author },
        ["/api/posts/{postId}/revisions"] = Texts,
        ["/api/reports/reasons"] = Nothing,
        ["/api/threads/{threadId}"] = Posts with { Query = $"?page={GuardedForum.Page}", QuotedQuery = "" },
        ["/api/threads/{threadId}/compare"] = Comparison,
        ["/api/threads/{threadId}/events"] = new("?limit=500", Of.All, Of.Place, Of.All)
        {
            Quoted = Of.Place,
            QuotedRemoved = Of.Place,
        },
        ["/api/threads/{threadId}/replay"] = Posts with { Query = "?speed=10000000", QuotedModerated = Of.All },
        ["/api/threads/{threadId}/timeline"] = new("", Of.Nothing, Of.Place, Of.Place) { IsSummary = true },
        ["/api/views"] = Nothing,
        ["/api/views/activity"] = Nothing,
        ["/api/views/edit-churn"] = Nothing,
        ["/api/views/first-replies"] = Nothing,
        // Who posted at all.
        ["/api/views/members"] = new("?limit=100", Of.Author, Of.Author, Of.Author),
        ["/api/views/members/titles"] = Nothing,
        ["/api/views/moderators"] = Nothing,
        ["/api/views/most-quoted"] = new("?limit=100", Of.Author) { Quoted = Of.Author },
        ["/api/views/most-quoted/lost"] = Nothing,
        ["/audit/batches/{batchId:guid}"] = new("", Moderated: Of.Place),
        ["/audit/boards/{boardId:guid}"] = Nothing,
        ["/audit/members/{memberId:guid}"] = Nothing,
        ["/audit/posts/{postId:guid}"] = StoryPages with { Quoting = Of.Author },
        ["/audit/posts/{postId:guid}/visibility"] = new("", Of.Place, Of.Nothing, Of.Place)
        {
            To = GuardedForum.Moderating,
        },
        ["/audit/threads/{threadId:guid}"] = StoryPages with { IsSummary = true },
        ["/boards/{boardId:guid}"] = Nothing,
        ["/boards/{boardId:guid}/moderation-log"] = Nothing,
        ["/boards/{boardId:guid}/settings"] = Nothing,
        ["/cases/{caseId:guid}/statement"] = Nothing,
        ["/me/decisions"] = Nothing,
        ["/members/{memberId:guid}/erase"] = Nothing,
        ["/me/reports"] = Nothing,
        ["/me/standing"] = Nothing,
        ["/moderation/batches/{batchId:guid}"] = new("", Moderated: Of.Place),
        ["/moderation/cases"] = new("", Of.Place, Of.Place, Of.Place)
        {
            To = GuardedForum.Moderating,
            IsSummary = true,
        },
        ["/moderation/cases/{caseId:guid}"] = new("", Of.All) { To = GuardedForum.Moderating },
        ["/moderation/log"] = new("", Moderated: Of.Author) { IsSummary = true },
        ["/posts/{postId:guid}/diff"] = Texts with { Query = "?from=1&to=1" },
        ["/posts/{postId:guid}/edit"] = new("", Of.All)
        {
            To = GuardedForum.Moderating,
            Quoted = Texted,
            QuotedRemoved = Of.Author,
            QuotedTo = ["admin", "named"],
        },
        ["/posts/{postId:guid}/history"] = Texts,
        ["/posts/{postId:guid}/report"] = new("", Of.Place)
        {
            To = ["member", "other moderator", "moderator", "admin", "named", "former"],
        },
        ["/sign-in"] = Nothing,
        ["/views"] = Nothing,
        ["/views/{name}"] = Nothing,
        // A page names no numbers of another thread.
        ["/threads/{threadId:guid}"] = Posts with
        {
            Query = $"?page={GuardedForum.Page}",
            QuotedQuery = "",
            Quoted = Texted,
            QuotedRemoved = Of.Author,
        },
        ["/threads/{threadId:guid}/compare"] = Comparison,
        ["/threads/{threadId:guid}/timeline"] = Posts,
    };

    /// <summary>What leads on to a page of the table, goes on for ever, or knows of no posts.</summary>
    public static readonly string[] Apart =
    [
        "/posts/{postId:guid}",
        "/threads/{threadId:guid}/last",
        "/api/threads/{threadId}/live",
        "/docs/",
        "/openapi/",
        "/log/",
    ];
}
