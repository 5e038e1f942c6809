using System.Security.Cryptography;
using System.Text;
using EventForum.Access;
using EventForum.Platform;
using Npgsql;

namespace EventForum.History.Sql;

/// <summary>
/// The schema of views that people query by SQL: one for each type of event, and the posts. Each start compares them with what
/// the program would make, in one query, and makes those anew that differ. A view's comment holds what it was made
/// of, and what PostgreSQL made of that.
/// </summary>
internal sealed class SqlSchema(IEnumerable<EventDescription> descriptions)
{
    public const string Name = "history";

    /// <summary>In the comment of every view that the program made.</summary>
    private const string Mark = "[EventForum ";

    /// <summary>Without a search path, PostgreSQL prints every name in full.</summary>
    private const string Begin = "set local search_path = ''";

    private const string Found = $"""
        select c.relname, c.relkind = 'v', coalesce(obj_description(c.oid, 'pg_class'), ''),
               case c.relkind when 'v' then md5(pg_get_viewdef(c.oid)) end,
               c.reloptions is not null and 'security_barrier=true' = any(c.reloptions),
               r.oid is not null and not (has_schema_privilege(r.oid, n.oid, 'usage') and has_table_privilege(r.oid, c.oid, 'select'))
          from pg_catalog.pg_namespace n
          join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('v', 'm', 'r', 'f', 'p', 'S')
          left join pg_catalog.pg_roles r on r.rolname = '{SqlRole.Name}'
         where n.nspname = '{Name}'
        """;

    private const string MayBeMade = $"""
        select to_regnamespace('{Name}') is not null, has_database_privilege(current_database(), 'create')
        """;

    private readonly SqlView[] wanted = [PostsView.View, .. EventViews.Of([.. descriptions])];

    /// <summary>Brings the views up to date, and lets the role read them.</summary>
    public async Task MakeAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        await SqlRole.MakeAsync(connection, log, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var found = await FindAsync(connection, cancellation);
        var stale = wanted.Where(view => !found.TryGetValue(view.Name, out var there) || !there.Is(view)).ToList();
        var gone = found.Values.Where(there => there.IsOurs && wanted.All(view => view.Name != there.Name)).ToList();
        if (stale.Count + gone.Count > 0)
        {
            if (!await HasSchemaAsync(connection, log, cancellation))
            {
                return;
            }

            await ReplaceAsync(
                connection,
                [.. gone.Select(view => Drop(view.Name)), .. stale.SelectMany(view => Statements(view, found))],
                log,
                cancellation
            );
            found = await FindAsync(connection, cancellation);
            await ExecuteAsync(
                connection,
                stale.Select(view =>
                    $"comment on view {view.QuotedName} is {SqlView.Literal(Comment(view, found[view.Name].Hash!))}"
                ),
                cancellation
            );
        }

        string[] closed = [.. wanted.Where(view => found[view.Name].IsToBeGranted).Select(view => view.QuotedName)];
        if (closed.Length > 0)
        {
            await ExecuteAsync(
                connection,
                [
                    $"grant usage on schema {Name} to {SqlRole.Name}",
                    $"grant select on {string.Join(", ", closed)} to {SqlRole.Name}",
                ],
                cancellation
            );
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Removes the views, so that the columns can change that they read.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var found = await FindAsync(connection, cancellation);
        await ReplaceAsync(
            connection,
            found.Values.Where(view => view.IsOurs).Select(view => Drop(view.Name)),
            log,
            cancellation
        );
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Says what somebody has built on a view and goes with it.</summary>
    private static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IEnumerable<string> statements,
        ILogger log,
        CancellationToken cancellation
    )
    {
        connection.Notice += Tell;
        await ExecuteAsync(connection, statements, cancellation);
        connection.Notice -= Tell;

        void Tell(object sender, NpgsqlNoticeEventArgs notice)
        {
            if (notice.Notice.SqlState == PostgresErrorCodes.SuccessfulCompletion)
            {
                log.LogWarning(
                    "A view of the schema {Schema} is made anew: {Notice} ({Detail})",
                    Name,
                    notice.Notice.MessageText,
                    notice.Notice.Detail
                );
            }
        }
    }

    private static string Comment(SqlView view, string hash) =>
        $"{view.About} {Mark}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(view.Query)))[..16]} {hash}]";

    private static IEnumerable<string> Statements(SqlView view, Dictionary<string, FoundView> found)
    {
        if (found.TryGetValue(view.Name, out var there))
        {
            if (!there.IsView)
            {
                throw new StartRefusedException(
                    $"{Name}.{view.Name} is not a view, and the forum makes one of that name. Rename it, and start again."
                );
            }

            yield return Drop(view.Name);
        }

        yield return $"create view {view.QuotedName} with (security_barrier = true) as\n{view.Query}";
    }

    private static string Drop(string name) => $"drop view if exists {Name}.{SqlView.Quote(name)} cascade";

    private static async Task<bool> HasSchemaAsync(
        NpgsqlConnection connection,
        ILogger log,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(MayBeMade, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (isThere, mayBeMade) = (reader.GetBoolean(0), reader.GetBoolean(1));
        await reader.DisposeAsync();
        if (!isThere && mayBeMade)
        {
            await ExecuteAsync(connection, [$"create schema {Name}"], cancellation);
        }
        else if (!isThere)
        {
            log.LogInformation(
                "There are no views to query by SQL: this database's user may not create schemas. Its owner runs `create schema {Schema} authorization …`, and the next start makes them",
                Name
            );
        }

        return isThere || mayBeMade;
    }

    private static async Task<Dictionary<string, FoundView>> FindAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(Begin), new NpgsqlBatchCommand(Found) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<string, FoundView>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var name = reader.GetString(0);
            found.Add(
                name,
                new FoundView(
                    name,
                    reader.GetBoolean(1),
                    reader.GetString(2),
                    await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetString(3),
                    reader.GetBoolean(4),
                    reader.GetBoolean(5)
                )
            );
        }

        return found;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IEnumerable<string> statements,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>What the schema holds under a name.</summary>
    /// <param name="Hash">Of the view as PostgreSQL prints it.</param>
    /// <param name="IsToBeGranted">The role is there and cannot read it.</param>
    private sealed record FoundView(
        string Name,
        bool IsView,
        string About,
        string? Hash,
        bool HasBarrier,
        bool IsToBeGranted
    )
    {
        public bool IsOurs => IsView && About.Contains(Mark, StringComparison.Ordinal);

        public bool Is(SqlView view) => HasBarrier && Hash is not null && About == Comment(view, Hash);
    }
}
