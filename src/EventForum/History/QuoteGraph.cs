using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.History;

/// <summary>A row of <see cref="QuoteGraph"/>: from one version of its thread to another a post quotes another one.</summary>
/// <param name="Position">Of the event by which it came to quote it.</param>
/// <param name="ToVersion">When its author took the quote out; null is still.</param>
public sealed record QuoteLink(
    Guid SourcePostId,
    long Position,
    int SourceRevision,
    Guid QuotingPostId,
    long FromVersion,
    long? ToVersion,
    DateTimeOffset QuotedAt
);

/// <summary>
/// Who quotes what: a row for each post, and revision of it, that another post came to quote. <c>to_version</c> is
/// when the quoting post's author took the quote out. Kept by the daemon: nothing that is written waits for it.
/// </summary>
public sealed class QuoteGraph : IProjection
{
    public const string ProjectionName = "QuoteGraph";

    public const string Table = Store.Schema + ".quotes";

    private const string Standing = $"""
        select to_jsonb(q)::text from {Table} q where quoting_post_id = any(?) and to_version is null
        """;

    public static Table Schema()
    {
        var table = new Table(Table);
        table.AddColumn<Guid>("source_post_id").AsPrimaryKey();
        table.AddColumn<long>("position").AsPrimaryKey();
        table.AddColumn<int>("source_revision").AsPrimaryKey();
        table.AddColumn<Guid>("quoting_post_id").NotNull();
        table.AddColumn<long>("from_version").NotNull();
        table.AddColumn<long>("to_version");
        table.AddColumn<DateTimeOffset>("quoted_at").NotNull();
        table.Indexes.Add(new IndexDefinition("quotes_quoting") { Columns = ["quoting_post_id"] });
        return table;
    }

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var edited = events.Select(e => e.Data).OfType<PostEdited>().Select(edit => edit.PostId).Distinct().ToArray();
        var standing =
            edited.Length == 0
                ? []
                : await operations.AdvancedSql.QueryAsync<string>(Standing, cancellation, (object)edited);
        var links = Fold(standing.Select(Row.Read<QuoteLink>), events);
        operations.QueueRows(
            Table,
            links,
            "(source_post_id, position, source_revision) do update set to_version = excluded.to_version"
        );
    }

    /// <summary>
    /// The rows that events make out of what the edited posts quoted, those that they end among them. An edit adds what
    /// had not been quoted before it; what is still quoted keeps its row.
    /// </summary>
    public static IReadOnlyList<QuoteLink> Fold(IEnumerable<QuoteLink> standing, IEnumerable<IEvent> events)
    {
        var quoted = standing.GroupBy(link => link.QuotingPostId).ToDictionary(post => post.Key, post => post.ToList());
        var written = new Dictionary<(Guid, long, int), QuoteLink>();
        foreach (var e in events)
        {
            switch (e.Data)
            {
                case ThreadStarted started:
                    Quote(e, started.PostId, started.Quotes);
                    break;
                case ReplyPosted posted:
                    Quote(e, posted.PostId, posted.Quotes);
                    break;
                case PostEdited edited:
                    Quote(e, edited.PostId, edited.Quotes);
                    break;
            }
        }

        return [.. written.Values];

        void Quote(IEvent e, Guid postId, IReadOnlyList<Quote>? stored)
        {
            // An event that an import took in without its quotes holds up no others.
            var quotes = stored ?? [];
            var before = quoted.GetValueOrDefault(postId, []);
            if (before.Count == 0 && quotes.Count == 0)
            {
                return;
            }

            var wanted = quotes.Select(quote => (quote.PostId, quote.Revision)).ToHashSet();
            var after = new List<QuoteLink>(wanted.Count);
            foreach (var link in before)
            {
                if (wanted.Remove((link.SourcePostId, link.SourceRevision)))
                {
                    after.Add(link);
                }
                else
                {
                    Keep(link with { ToVersion = e.Version });
                }
            }

            foreach (var (source, revision) in wanted)
            {
                after.Add(Keep(new QuoteLink(source, e.Sequence, revision, postId, e.Version, null, e.Timestamp)));
            }

            quoted[postId] = after;
        }

        QuoteLink Keep(QuoteLink link) => written[(link.SourcePostId, link.Position, link.SourceRevision)] = link;
    }
}
