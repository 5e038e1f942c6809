using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Npgsql;

namespace EventForum.Members;

/// <summary>
/// The skeletons of all members' names: what nobody can register with any more. Members whose names were taken for each
/// other before that was refused share one.
/// </summary>
public sealed class NameSkeletons : EventProjection
{
    public const string Table = Store.Schema + ".name_skeletons";

    private const string Claim = $"insert into {Table} select * from unnest(?) s order by s";

    internal const string Names = $"select data ->> 'name' from {MartenTables.Documents}member";

    private const string Keep = Claim + " on conflict do nothing";

    public NameSkeletons()
    {
        Name = "NameSkeletons";
        var table = new Weasel.Postgresql.Tables.Table(Table);
        table.AddColumn("skeleton", "text").AsPrimaryKey();
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown(Table);
    }

    /// <summary>Those of the skeletons that a member has.</summary>
    public static async Task<IReadOnlySet<string>> TakenAsync(NpgsqlDataSource database, string[] skeletons)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        if (skeletons.Length == 0)
        {
            return taken;
        }

        await using var command = database.CreateCommand($"select skeleton from {Table} where skeleton = any($1)");
        command.Parameters.AddWithValue(skeletons);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            taken.Add(reader.GetString(0));
        }

        return taken;
    }

    /// <summary>Fails when it is saved if somebody has just taken one of them.</summary>
    public static void Take(IDocumentOperations operations, IReadOnlySet<string> skeletons) =>
        operations.QueueSqlCommand(Claim, (object)skeletons.ToArray());

    /// <summary>A member has another name. The one before is free again, unless it looks like another member's.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        string before,
        string name,
        CancellationToken cancellation
    )
    {
        var free = MemberName.Skeletons(before).ToHashSet(StringComparer.Ordinal);
        await using (var others = new NpgsqlCommand(Names, connection))
        await using (var rows = await others.ExecuteReaderAsync(cancellation))
        {
            while (free.Count > 0 && await rows.ReadAsync(cancellation))
            {
                free.ExceptWith(MemberName.Skeletons(rows.GetString(0)));
            }
        }

        await using var replace = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"delete from {Table} where skeleton = any($1)")
                {
                    Parameters = { new NpgsqlParameter { Value = free.ToArray() } },
                },
                new NpgsqlBatchCommand($"insert into {Table} select unnest($1) on conflict do nothing")
                {
                    Parameters = { new NpgsqlParameter { Value = MemberName.Skeletons(name).ToArray() } },
                },
            },
        };
        await replace.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What was registered is a fact, whatever the rules say today.</summary>
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (e.Data is MemberRegistered registered)
        {
            operations.QueueSqlCommand(Keep, (object)MemberName.Skeletons(registered.Name).ToArray());
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// Makes the skeletons anew where they are not of this program's version of Unicode, or there are none yet: a comment on
/// the table says of which they are.
/// </summary>
internal sealed class NameSkeletonsUpgrade(NpgsqlDataSource database) : IHostedService
{
    /// <summary>To be raised when <see cref="MemberName.Skeletons"/> changes.</summary>
    private const int Rules = 1;

    private const int Batch = 1_000;

    private static readonly string Version = $"Rules {Rules}, {UnicodeTable.Version}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await IsUpToDateAsync(connection, cancellationToken))
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Nobody registers meanwhile, and a server that starts at the same time waits.
        await ExecuteAsync($"lock table {NameSkeletons.Table} in access exclusive mode");
        if (!await IsUpToDateAsync(connection, cancellationToken))
        {
            await ExecuteAsync($"delete from {NameSkeletons.Table}");
            foreach (var names in (await NamesAsync(connection, cancellationToken)).Chunk(Batch))
            {
                await using var insert = new NpgsqlCommand(
                    $"insert into {NameSkeletons.Table} select unnest($1) on conflict do nothing",
                    connection
                );
                insert.Parameters.AddWithValue(names.SelectMany(MemberName.Skeletons).ToArray());
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }

            await ExecuteAsync($"comment on table {NameSkeletons.Table} is '{Version}'");
            await transaction.CommitAsync(cancellationToken);
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<bool> IsUpToDateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select obj_description('{NameSkeletons.Table}'::regclass, 'pg_class')",
            connection
        );
        return await command.ExecuteScalarAsync(cancellation) as string == Version;
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(NameSkeletons.Names, connection);
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
