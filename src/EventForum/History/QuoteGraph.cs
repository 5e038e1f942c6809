using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.History;

/// <summary>
/// Who quotes what: a row for each post, and revision of it, that another post came to quote. <c>to_version</c> is
/// when the quoting post's author took the quote out. Kept by the daemon: nothing that is written waits for it.
/// </summary>
public sealed class QuoteGraph : EventProjection
{
    public const string ProjectionName = "QuoteGraph";

    public const string Table = Store.Schema + ".quotes";

    /// <summary>An edit adds what had not been quoted before it; what is still quoted keeps its row.</summary>
    private const string Add = $"""
        insert into {Table} (quoting_post_id, position, from_version, quoted_at, source_post_id, source_revision)
        select n.quoting, n.position, n.version, n.at, q."postId", q.revision
          from (select ?::uuid as quoting, ?::bigint as position, ?::bigint as version, ?::timestamptz as at) n
         cross join (select distinct "postId", revision from jsonb_to_recordset(?::jsonb) as x("postId" uuid, revision int)) q
         where not exists (select from {Table} known
                            where known.quoting_post_id = n.quoting and known.to_version is null
                              and known.source_post_id = q."postId" and known.source_revision = q.revision)
        """;

    private const string End = $"""
        update {Table} set to_version = ?
         where quoting_post_id = ? and to_version is null
           and (source_post_id, source_revision) not in
               (select "postId", revision from jsonb_to_recordset(?::jsonb) as x("postId" uuid, revision int))
        """;

    public QuoteGraph()
    {
        Name = ProjectionName;
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn<Guid>("source_post_id").AsPrimaryKey();
        table.AddColumn<long>("position").AsPrimaryKey();
        table.AddColumn<int>("source_revision").AsPrimaryKey();
        table.AddColumn<Guid>("quoting_post_id").NotNull();
        table.AddColumn<long>("from_version").NotNull();
        table.AddColumn<long>("to_version");
        table.AddColumn<DateTimeOffset>("quoted_at").NotNull();
        table.Indexes.Add(new IndexDefinition("quotes_quoting") { Columns = ["quoting_post_id"] });
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown(Table);
    }

    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        switch (e.Data)
        {
            case ThreadStarted started:
                Quote(started.PostId, started.Quotes);
                break;
            case ReplyPosted posted:
                Quote(posted.PostId, posted.Quotes);
                break;
            case PostEdited edited:
                operations.QueueSqlCommand(End, e.Version, edited.PostId, Json(edited.Quotes));
                Quote(edited.PostId, edited.Quotes);
                break;
        }

        return ValueTask.CompletedTask;

        void Quote(Guid postId, IReadOnlyList<Quote> quotes)
        {
            if (quotes.Count > 0)
            {
                operations.QueueSqlCommand(Add, postId, e.Sequence, e.Version, e.Timestamp, Json(quotes));
            }
        }
    }

    private static string Json(IReadOnlyList<Quote> quotes) =>
        JsonSerializer.Serialize(quotes, JsonSerializerOptions.Web);
}
