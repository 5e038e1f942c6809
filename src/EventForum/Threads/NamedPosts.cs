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
/// <param name="HasText">Whether its body came along: it may not be asked for, or be one too many (<see cref="Bounds.QuotedBytes"/>).</param>
/// <param name="IsCurrent">False for an older revision that is here only because something quotes it.</param>
public sealed record PostState(PostRow Row, string? AuthorName, bool HasText, bool IsCurrent)
{
    public Guid Id => Row.PostId;

    public Guid ThreadId => Row.ThreadId;

    public int Number => Row.Number;

    public Guid AuthorId => Row.AuthorId;

    public int Revision => Row.Revision;

    public string? Body => HasText ? Row.Body : null;

    public IReadOnlyList<Quote> Quotes => Row.Quotes;

    public Holds Holds => Row.Holds;

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
        foreach (var id in PostEvents.PostsOf(e.Data))
        {
            var post = Find(id);
            if (PostRow.Fold(post?.Row, e) is { } row)
            {
                Keep(
                    post is null
                        ? new PostState(row, actorName, true, true)
                        : post with
                        {
                            Row = row,
                            // A new revision comes with its text.
                            HasText = post.HasText || row.Revision > post.Revision,
                        }
                );
            }
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
