using System.Globalization;
using System.Text.Json.Serialization;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using JasperFx.Events;

namespace EventForum.Threads.Reading;

/// <summary>Says that a page shows a thread as it would be without some of what happened. Nothing of it is written.</summary>
/// <param name="Without">What is left out, as it was asked for.</param>
/// <param name="LeftOutEvents">How many events that are, among them those that depend on others left out.</param>
/// <param name="LeftOutPosts">How many posts are not there.</param>
/// <param name="OrphanedQuotes">Quotes of words that were never written then.</param>
/// <param name="OrphanedReplies">
/// Posts that quote such words, or answer a post that was never written then.
/// </param>
/// <param name="StoppedAt">
/// The version after which the look was broken off, because the thread is too long to be folded anew; null when it was not.
/// </param>
public sealed record WhatIf(
    IReadOnlyList<string> Without,
    int LeftOutEvents,
    int LeftOutPosts,
    int OrphanedQuotes,
    int OrphanedReplies,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? StoppedAt
);

/// <summary>What is left out of a thread: whatever some members did, some events, some posts.</summary>
internal sealed record LeftOut(
    IReadOnlyList<string> Terms,
    IReadOnlySet<string> MemberNames,
    IReadOnlySet<long> Versions,
    IReadOnlySet<Guid> PostIds
)
{
    public const int MaxTerms = 50;

    public static Refusal Invalid { get; } =
        new(
            400,
            "without-invalid",
            "This cannot be left out.",
            $"Send without=member:NAME, without=event:VERSION or without=post:ID, up to {MaxTerms} of them."
        );

    /// <summary>The members' ids, once their names have been looked up.</summary>
    public IReadOnlySet<Guid> MemberIds { get; init; } = new HashSet<Guid>();

    /// <summary>Null when one of the terms is none.</summary>
    public static LeftOut? Parse(IReadOnlyList<string> terms)
    {
        var members = new HashSet<string>(StringComparer.Ordinal);
        var versions = new HashSet<long>();
        var posts = new HashSet<Guid>();
        foreach (var term in terms)
        {
            var isOne = term.Split(':', 2) switch
            {
                ["member", { Length: > 0 } name] => members.Add(name) || true,
                ["event", var text]
                    when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) =>
                    versions.Add(version) || true,
                ["post", var text] when Guid.TryParse(text, out var id) => posts.Add(id) || true,
                _ => false,
            };
            if (!isOne)
            {
                return null;
            }
        }

        return terms.Count <= MaxTerms ? new LeftOut(terms, members, versions, posts) : null;
    }

    public bool Names(IEvent e) =>
        Versions.Contains(e.Version)
        || MemberIds.Contains(e.ActorId())
        || (PostEvents.PostOf(e.Data) is { } post && PostIds.Contains(post));
}

/// <summary>
/// A thread folded anew from its events, without some of them and what depends on them: a post's edits, removals and
/// restores go with the post. Numbers and revisions stay those of the real thread. Pure.
/// </summary>
internal sealed class ThreadWithout(LeftOut leftOut)
{
    private ForumThread? thread;
    private readonly List<PostRow> posts = [];
    private readonly Dictionary<Guid, int> places = [];
    private readonly HashSet<Guid> away = [];
    private readonly Dictionary<Guid, int> revisions = [];
    private readonly HashSet<(Guid PostId, int Revision)> missing = [];
    private int arrived;

    /// <summary>What the thread itself is without them: its title, its board, its lock.</summary>
    public ForumThread Thread => thread!;

    public int LeftOutEvents { get; private set; }

    public int LeftOutPosts => arrived - posts.Count;

    /// <summary>
    /// What is left of the posts, in their order, without those that moved to another thread. Those that came from one are told
    /// of there.
    /// </summary>
    public IReadOnlyList<PostRow> Posts =>
        away.Count == 0 ? posts : [.. posts.Where(post => !away.Contains(post.PostId)).OrderBy(post => post.Number)];

    /// <summary>The next event of the thread.</summary>
    public void Add(IEvent e)
    {
        var isLeftOut = leftOut.Names(e);
        // Without its start a thread keeps the frame that it had.
        if (!isLeftOut || e.Data is ThreadStarted)
        {
            thread = ForumThread.Fold(thread, e);
        }

        if (e.Data is ThreadStarted or ReplyPosted)
        {
            arrived++;
        }
        else if (PostEvents.PostOf(e.Data) is { } post)
        {
            isLeftOut |= !places.ContainsKey(post);
        }

        if (e.Data is PostEdited edit)
        {
            revisions[edit.PostId] = revisions.GetValueOrDefault(edit.PostId, 1) + 1;
        }

        if (!isLeftOut)
        {
            Apply(e);
            return;
        }

        LeftOutEvents++;
        if (e.Data is ThreadStarted or ReplyPosted or PostEdited)
        {
            var gone = PostEvents.PostOf(e.Data)!.Value;
            missing.Add((gone, revisions.GetValueOrDefault(gone, 1)));
        }
    }

    /// <summary>How a quoted post stands in this fold.</summary>
    public SourceRow Stand(SourceRow source) =>
        missing.Contains((source.PostId, source.Revision)) ? source with { IsLeftOut = true }
        : places.TryGetValue(source.PostId, out var place)
            ? source with
            {
                RevisionThen = posts[place].Revision,
                IsRemovedThen = posts[place].RemovedAt is not null,
            }
        : source;

    /// <summary>Whether it quotes or answers what is not there.</summary>
    public bool IsOrphan(PostRow post) =>
        post.Quotes.Any(IsOrphan) || (post.ParentId is { } parent && missing.Contains((parent, 1)));

    public bool IsOrphan(Quote quote) => missing.Contains((quote.PostId, quote.Revision));

    private void Apply(IEvent e)
    {
        foreach (var id in PostEvents.PostsOf(e.Data))
        {
            Apply(e, id);
        }
    }

    private void Apply(IEvent e, Guid id)
    {
        var isKnown = places.TryGetValue(id, out var place);
        if (e.Data is PostsMovedIn or PostsMovedOut)
        {
            if (!isKnown)
            {
                return;
            }

            if (PostEvents.NumberOf(e.Data, id) is null)
            {
                away.Add(id);
                return;
            }

            away.Remove(id);
        }

        var row = PostRow.Fold(isKnown ? posts[place] : null, e)!;
        if (!isKnown)
        {
            places[id] = posts.Count;
            posts.Add(row);
            return;
        }

        posts[place] = e.Data is PostEdited ? row with { Revision = revisions[id] } : row;
    }
}
