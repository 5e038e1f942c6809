using CsCheck;
using EventForum.History;
using EventForum.Tests.Threads;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using JasperFx.Events;

namespace EventForum.Tests.History;

public sealed class QuoteGraphTests
{
    private static readonly Guid[] Sources = [Guid.CreateVersion7(), Guid.CreateVersion7()];

    private static readonly Guid[] Quoting = [Guid.CreateVersion7(), Guid.CreateVersion7()];

    /// <summary>Two posts that are written and edited, with quotes of two others in one of two revisions.</summary>
    private static readonly Gen<List<IEvent>> AHistory = Gen.Select(
            Gen.Int[0, 1],
            Gen.Select(
                Gen.Int[0, 1],
                Gen.Int[1, 2],
                (source, revision) => new Quote(0, Sources[source], revision, 0, 4)
            ).List[0, 3]
        )
        .List[1, 12]
        .Select(Tell);

    [Fact]
    public void a_quote_holds_from_the_event_that_brought_it_to_the_one_that_left_it_out() =>
        AHistory.Sample(history =>
        {
            var links = QuoteGraph.Fold([], history);

            foreach (var e in history)
            {
                var (post, quotes) = Said(e);
                links
                    .Where(l => l.QuotingPostId == post && l.FromVersion <= e.Version && !(l.ToVersion <= e.Version))
                    .Select(l => (l.SourcePostId, l.SourceRevision))
                    .ShouldBe(quotes.Select(q => (q.PostId, q.Revision)).Distinct(), ignoreOrder: true);
            }

            links.ShouldAllBe(l => l.ToVersion == null || l.ToVersion > l.FromVersion);
            links.Select(l => (l.SourcePostId, l.Position, l.SourceRevision)).ShouldBeUnique();
        });

    [Fact]
    public void it_makes_no_difference_where_a_page_of_events_ends() =>
        Gen.Select(AHistory, Gen.Int[0, 12])
            .Sample(
                (history, cut) =>
                {
                    var stored = new Dictionary<(Guid, long, int), QuoteLink>();
                    foreach (
                        var page in (IEvent[][])
                            [
                                [.. history.Take(cut)],
                                [.. history.Skip(cut)],
                            ]
                    )
                    {
                        var edited = page.Select(e => e.Data).OfType<PostEdited>().Select(e => e.PostId).ToHashSet();
                        var standing = stored.Values.Where(l =>
                            l.ToVersion is null && edited.Contains(l.QuotingPostId)
                        );
                        foreach (var link in QuoteGraph.Fold([.. standing], page))
                        {
                            stored[(link.SourcePostId, link.Position, link.SourceRevision)] = link;
                        }
                    }

                    stored.Values.ShouldBe(QuoteGraph.Fold([], history), ignoreOrder: true);
                }
            );

    private static (Guid PostId, IReadOnlyList<Quote> Quotes) Said(IEvent e) =>
        e.Data switch
        {
            ReplyPosted posted => (posted.PostId, posted.Quotes),
            PostEdited edited => (edited.PostId, edited.Quotes),
            _ => throw new InvalidOperationException(),
        };

    private static List<IEvent> Tell(List<(int Post, List<Quote> Quotes)> changes)
    {
        var written = new HashSet<Guid>();
        var events = new List<IEvent>();
        foreach (var (post, quotes) in changes)
        {
            var id = Quoting[post];
            object data = written.Add(id)
                ? new ReplyPosted(id, written.Count + 1, "", quotes, 1)
                : new PostEdited(id, "", quotes, null);
            var e = ThreadStory.Told(data, Person.Ann.Id, events.Count + 2);
            e.Sequence = e.Version + 100;
            events.Add(e);
        }

        return events;
    }
}
