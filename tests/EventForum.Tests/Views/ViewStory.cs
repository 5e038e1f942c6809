using EventForum.Platform;
using EventForum.Tests.Threads;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using EventForum.Views.Framework;

namespace EventForum.Tests.Views;

/// <summary>A thread told by its events, a minute apart, as a view gets them. Ann starts it, Ben replies.</summary>
internal sealed class ViewStory
{
    public static readonly Guid Board = Guid.CreateVersion7();

    private readonly List<ViewEvent> events = [];
    private readonly Dictionary<Guid, PostFacts> posts = [];
    private ThreadFacts? thread;

    /// <summary>When the last event happened.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    public Guid Start(string title, Person? by = null, string body = "Text.")
    {
        var id = Guid.CreateVersion7();
        Add(new ThreadStarted(Board, title, id, body, []), by ?? Person.Ann, body.Length);
        return id;
    }

    public Guid Reply(Person? by = null, params Guid[] quoting)
    {
        var id = Guid.CreateVersion7();
        Add(new ReplyPosted(id, posts.Count + 1, "Text.", Quotes(quoting), 1), by ?? Person.Ben, 5);
        return id;
    }

    public void Edit(Guid post, string body, Person? by = null, params Guid[] quoting) =>
        Add(new PostEdited(post, body, Quotes(quoting), null), by ?? Person.Ann, body.Length);

    public void Happen(object data, Person by) => Add(data, by, 0);

    public void Wait(TimeSpan time) => Now += time;

    /// <summary>The rows of a view after all of it, by its own rules.</summary>
    public IReadOnlyList<TRow> RowsOf<TRow>(IView<TRow> view)
        where TRow : class
    {
        var rows = new Dictionary<TRow, TRow>();
        foreach (var e in events)
        {
            foreach (var row in view.RowsOf(e))
            {
                if (view.Evolve(rows.GetValueOrDefault(row, row), e) is { } evolved)
                {
                    rows[row] = evolved;
                }
                else
                {
                    rows.Remove(row);
                }
            }
        }

        return [.. rows.Values];
    }

    private void Add(object data, Person by, int length)
    {
        Now += TimeSpan.FromMinutes(1);
        var e = ThreadStory.Told(data, by.Id, events.Count + 1);
        e.Timestamp = Now;
        e.SetHeader(ViewEvents.BodyLength, length);
        thread ??= new ThreadFacts(e.StreamId, Board, by.Id, Now);
        var (id, quoted) = data switch
        {
            ThreadStarted started => (started.PostId, started.Quotes),
            ReplyPosted reply => (reply.PostId, reply.Quotes),
            PostEdited edited => (edited.PostId, edited.Quotes),
            PostRemoved removed => (removed.PostId, []),
            PostRestored restored => (restored.PostId, []),
            _ => (Guid.Empty, (IReadOnlyList<Quote>)[]),
        };
        if (id != Guid.Empty && !posts.ContainsKey(id))
        {
            posts[id] = new PostFacts(id, e.StreamId, Board, posts.Count + 1, by.Id, Now, length);
        }

        events.Add(
            new ViewEvent(e, thread, posts.GetValueOrDefault(id), [.. quoted.Select(quote => posts[quote.PostId])])
        );
    }

    private static IReadOnlyList<Quote> Quotes(Guid[] quoting) =>
        [.. quoting.Select(post => new Quote(0, post, 1, 0, 5))];
}
