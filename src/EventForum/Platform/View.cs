using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.Subscriptions;
using Marten;
using Marten.Events.Projections;
using Npgsql;

namespace EventForum.Platform;

/// <summary>
/// A view that the daemon keeps up from events without the texts of posts, a few thousand at a time, read once for all
/// views that are as far (<see cref="ViewEvents"/>). Its progress, its failures and its rebuild are its own.
/// </summary>
public sealed class View
    : ProjectionWrapper<IDocumentOperations, IQuerySession>,
        ISubscriptionFactory<IDocumentOperations, IQuerySession>
{
    /// <param name="name">Also names how far it has come: under another name it begins anew, from the first event.</param>
    public View(string name, IProjection projection)
        : base(projection, ProjectionLifecycle.Async)
    {
        Name = name;
        // The daemon reads events whole, for each view again. It is told to read a kind of which there are none, and
        // hands over the bounds of what is new.
        IncludeType<Archived>();
    }

    /// <summary>An index of the events of which there are none: without it, each view looks through all that is new for them.</summary>
    public const string NoEvents = MartenTables.EventIndexes + "none";

    /// <summary>Makes the index. Looking whether it is there locks nothing.</summary>
    public static SchemaDependents NoEventsIndex { get; } =
        new(
            (_, _, _) => Task.CompletedTask,
            async (connection, _, cancellation) =>
            {
                await using var command = new NpgsqlCommand(
                    $"""
                    do $do$
                    begin
                        if to_regclass('{Store.Schema}.{NoEvents}') is null then
                            create index {NoEvents} on {MartenTables.EventTable} ({MartenTables.Position})
                             where type = 'archived';
                        end if;
                    end
                    $do$
                    """,
                    connection
                );
                await command.ExecuteNonQueryAsync(cancellation);
            }
        );

    ISubscriptionExecution ISubscriptionFactory<IDocumentOperations, IQuerySession>.BuildExecution(
        IEventStore<IDocumentOperations, IQuerySession> store,
        IEventDatabase database,
        ILoggerFactory loggerFactory,
        ShardName shardName
    ) => new Execution(this, store, database, loggerFactory.CreateLogger<View>(), shardName);

    ISubscriptionExecution ISubscriptionFactory<IDocumentOperations, IQuerySession>.BuildExecution(
        IEventStore<IDocumentOperations, IQuerySession> store,
        IEventDatabase database,
        ILogger logger,
        ShardName shardName
    ) => new Execution(this, store, database, logger, shardName);

    /// <summary>How a failure begins that says that a page was undone because its view is elsewhere.</summary>
    public const string MovedOn = "its progress is not where this server left it";

    /// <summary>How a failure begins that says that a page was undone because its view was paused meanwhile.</summary>
    public const string Paused = "it is paused";

    /// <summary>
    /// Has PostgreSQL undo a page whose view has moved on meanwhile: a server that was frozen, or a rebuild, is in the way.
    /// Marten writes the progress of a page where it expects it, and only logs that nothing was there to write when the
    /// page has written rows besides. The row of the progress is this transaction's then, or another's. It is asked before
    /// the page's rows are written, which may be there already.
    /// </summary>
    /// <remarks>The text is no number, and is made one only where it fails.</remarks>
    private const string Fence = $"""
        update {MartenTables.Progress}
           set {MartenTables.ReachedPosition} = case when xmin = pg_current_xact_id()::xid then {MartenTables.ReachedPosition}
                                                     else ('{MovedOn}: ' || name)::bigint end
         where name = ?
        """;

    /// <summary>
    /// Has PostgreSQL undo a page whose view was paused, and pausing wait for a page that is being written: once an admin
    /// has been answered, the view takes in nothing more, whatever the server that kept it up is doing.
    /// </summary>
    private const string PauseFence = $"""
        update {MartenTables.Progress} reached
           set {MartenTables.ReachedPosition} = case when (select entry.paused_at is not null from {ViewRegistry.Table} entry
                                                            where entry.view || ':All' = reached.name for share)
                                                     then ('{Paused}: ' || reached.name)::bigint
                                                     else reached.{MartenTables.ReachedPosition} end
         where reached.name = ?
        """;

    /// <summary>A page that a crash of PostgreSQL takes back with its progress is folded again: nothing waits for the disk.</summary>
    private const string NeedNotLast = "set local synchronous_commit = off";

    private sealed class Execution(
        View view,
        IEventStore<IDocumentOperations, IQuerySession> store,
        IEventDatabase database,
        ILogger logger,
        ShardName shardName
    )
        : ProjectionExecution<IDocumentOperations, IQuerySession>(
            shardName,
            view.Options,
            store,
            database,
            view.Inner,
            logger
        ),
            ISubscriptionExecution
    {
        private readonly ViewEvents events = ViewEvents.Of((DocumentStore)store);
        private long last;

        async ValueTask ISubscriptionExecution.EnqueueAsync(EventPage page, ISubscriptionAgent subscriptionAgent)
        {
            last = page.Ceiling;
            foreach (var (floor, ceiling) in ViewEvents.Split(page.Floor, page.Ceiling))
            {
                var part = new EventPage(floor) { HighWaterMark = page.HighWaterMark };
                part.CalculateCeiling(int.MaxValue, ceiling, 0);
                await EnqueueAsync(part, subscriptionAgent);
            }
        }

        protected override async Task<IProjectionBatch> buildBatchWithNoSkippingAsync(
            EventRange range,
            CancellationToken cancellationToken
        )
        {
            var read = await events.ReadAsync(
                view.Name,
                range.SequenceFloor,
                range.SequenceCeiling,
                last,
                cancellationToken
            );
            // A rebuild takes in what was traced long ago.
            using var span =
                Mode == ShardExecutionMode.Continuous
                    ? Telemetry.StartFor($"view {view.Name}", Telemetry.SpansOf(read))
                    : null;
            span?.SetTag("eventforum.view.floor", range.SequenceFloor);
            span?.SetTag("eventforum.view.ceiling", range.SequenceCeiling);
            // All views get the same list, by which they share what they look up for it.
            range.Events = read;
            var batch = await _store.StartProjectionBatchAsync(range, _database, Mode, _options, cancellationToken);
            try
            {
                await using var session = batch.SessionForTenant(StorageConstants.DefaultTenantId);
                session.QueueSqlCommand(NeedNotLast);
                session.QueueSqlCommand(Fence, ShardName.Identity);
                if (Mode == ShardExecutionMode.Continuous)
                {
                    session.QueueSqlCommand(PauseFence, ShardName.Identity);
                }

                await view.Inner.ApplyAsync(session, read, cancellationToken);
                return batch;
            }
            catch
            {
                await batch.DisposeAsync();
                throw;
            }
        }
    }
}
