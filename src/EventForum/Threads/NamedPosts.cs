using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using JasperFx.Events;

namespace EventForum.Threads;

/// <summary>The posts that a command names: by id, by number in its thread, or by their authors' names.</summary>
/// <param name="EditedId">A post whose quotes' sources are wanted as well, at the revisions that it quotes.</param>
public sealed record PostNames(
    IReadOnlyList<Guid> Ids,
    IReadOnlyList<int> Numbers,
    IReadOnlyList<string> Authors,
    Guid? EditedId = null
)
{
    public static PostNames None { get; } = new([], [], []);

    public static PostNames Of(params Guid[] ids) => new(ids, [], []);

    public PostNames With(Guid id) => this with { Ids = [.. Ids, id] };

    /// <summary>These, and the post that is being edited with the sources that it quotes.</summary>
    public PostNames AndEdited(Guid id) => With(id) with { EditedId = id };

    /// <summary>Whether anything is named beside this post itself.</summary>
    public bool NamesSources(Guid id) => Numbers.Count > 0 || Authors.Count > 0 || Ids.Any(named => named != id);

    public bool IsNone => Ids.Count == 0 && Numbers.Count == 0 && Authors.Count == 0;
}

/// <summary>One revision of a post, as rules see it.</summary>
/// <param name="AuthorName">Null where it was not asked for.</param>
/// <param name="Body">Null where it was not asked for, or is one too many (<see cref="Bounds.QuotedBytes"/>).</param>
/// <param name="IsCurrent">False for an older revision that is here only because something quotes it.</param>
public sealed record PostState(
    Guid Id,
    Guid ThreadId,
    int Number,
    Guid AuthorId,
    string? AuthorName,
    int Revision,
    string? Body,
    IReadOnlyList<Quote> Quotes,
    Holds Holds,
    bool IsCurrent
)
{
    public bool IsRemoved => Holds.Shown is not null;
}

/// <summary>The posts that a text names, or the commands of one batch: these are kept up as the batch goes on.</summary>
public sealed class NamedPosts : INamedState
{
    /// <summary>How far back in a thread a quote that names only an author is looked for.</summary>
    public const int LookBack = 200;

    private readonly Dictionary<(Guid Id, int Revision), PostState> revisions = [];
    private readonly Dictionary<Guid, PostState> current = [];
    private readonly Dictionary<string, string> keys = new(StringComparer.Ordinal);

    public NamedPosts(IEnumerable<PostState> posts)
    {
        foreach (var post in posts)
        {
            Keep(post);
        }
    }

    public PostState? Find(Guid id) => current.GetValueOrDefault(id);

    public PostState? Find(Guid id, int revision) => revisions.GetValueOrDefault((id, revision));

    public PostState? Numbered(Guid threadId, int number) =>
        current.Values.FirstOrDefault(post => post.ThreadId == threadId && post.Number == number);

    /// <summary>The thread's newest posts by the member of that name, newest first.</summary>
    public IEnumerable<PostState> By(Guid threadId, string authorName)
    {
        var key = MemberName.Key(authorName);
        return current
            .Values.Where(post => post.ThreadId == threadId && post.AuthorName is { } name && KeyOf(name) == key)
            .OrderByDescending(post => post.Number);
    }

    /// <summary>What an event of this batch makes of the posts: a later command in the batch must see it.</summary>
    public void Evolve(IEvent e, string actorName)
    {
        switch (e.Data)
        {
            case ReplyPosted posted:
                Keep(
                    new PostState(
                        posted.PostId,
                        e.StreamId,
                        posted.Number,
                        e.ActorId(),
                        actorName,
                        1,
                        posted.Body,
                        posted.Quotes,
                        default,
                        true
                    )
                );
                break;
            case PostEdited edited when Find(edited.PostId) is { } post:
                Keep(post with { Revision = post.Revision + 1, Body = edited.Body, Quotes = edited.Quotes });
                break;
            case PostRemoved removed when Find(removed.PostId) is { } post:
                var hold = new Hold(e.ActorId(), e.Timestamp, removed.Reason);
                Keep(post with { Holds = post.Holds.With(hold, post.AuthorId) });
                break;
            case PostRestored restored when Find(restored.PostId) is { } post:
                Keep(post with { Holds = post.Holds.LiftedBy(e.ActorId(), post.AuthorId) });
                break;
        }
    }

    private string KeyOf(string name) => keys.TryGetValue(name, out var key) ? key : keys[name] = MemberName.Key(name);

    private void Keep(PostState post)
    {
        revisions[(post.Id, post.Revision)] = post;
        if (post.IsCurrent)
        {
            current[post.Id] = post;
        }
    }
}
