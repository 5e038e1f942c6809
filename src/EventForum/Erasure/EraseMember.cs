using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Views.Framework;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Erasure;

/// <summary>What erasing a person would take out of the forum, or has.</summary>
/// <param name="Name">What the member was called.</param>
/// <param name="Number">What the member is called by since.</param>
/// <param name="Counts">How many events of which type lose something.</param>
/// <param name="Mentions">Posts of others whose current text holds the name: whether that means the person, somebody has to decide.</param>
internal sealed record ErasurePlan(
    Guid MemberId,
    string Name,
    string Subject,
    int Number,
    IReadOnlyList<ErasedCount> Counts,
    IReadOnlyList<Guid> Mentions
);

/// <summary>
/// Takes a person out of a forum that nobody else uses: out of the events first, in one transaction; everything else is made of
/// these anew.
/// </summary>
internal sealed class EraseMember(IDocumentStore store, NpgsqlDataSource database, ViewRetirement retirement)
{
    private const int AtOnce = 1_000;

    private const int MostMentions = 1_000;

    private const string Find = $"""
        select id, data ->> 'name', data ->> 'subject' from {MartenTables.Documents}member
         where id::text = $1 or name_key = $2
        """;

    private const string Events = $"""
        select position, stream_id, type, data::text, headers::text, user_name from {MartenTables.Events} e order by position
        """;

    private const string Update = $"""
        update {MartenTables.EventTable} e set data = n.data, headers = n.headers
          from unnest($1, $2, $3) as n(position, data, headers) where e.{MartenTables.Position} = n.position
        """;

    private const string Mentions = $"""
        select post_id from {PostTable.Table}
         where to_version is null and author_id <> $1 and strpos(lower(body), lower($2)) > 0
         order by position limit $3
        """;

    /// <summary>What would go; null when there is no such member.</summary>
    /// <param name="member">A name or an id.</param>
    public async Task<ErasurePlan?> PreviewAsync(string member, ErasureScope scope, Action<long, long> progress)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var find = new NpgsqlCommand(Find, connection);
        find.Parameters.AddWithValue(member);
        find.Parameters.AddWithValue(MemberName.Key(member));
        Guid id;
        string name,
            subject;
        await using (var found = await find.ExecuteReaderAsync())
        {
            if (!await found.ReadAsync())
            {
                return null;
            }

            (id, name, subject) = (found.GetGuid(0), found.GetString(1), found.GetString(2));
        }

        var number = PersonalValues.NumberIn(name) ?? await NextNumberAsync(connection);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await foreach (var erased in ErasedAsync(connection, new PersonalValues(id, scope, number), progress))
        {
            counts[erased.Event.Type] = counts.GetValueOrDefault(erased.Event.Type) + 1;
        }

        await using var mentions = new NpgsqlCommand(Mentions, connection);
        mentions.Parameters.AddWithValue(id);
        mentions.Parameters.AddWithValue(name);
        mentions.Parameters.AddWithValue(MostMentions);
        var posts = new List<Guid>();
        await using (var rows = await mentions.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                posts.Add(rows.GetGuid(0));
            }
        }

        return new ErasurePlan(
            id,
            name,
            subject,
            number,
            [.. counts.Select(count => new ErasedCount(count.Key, count.Value))],
            posts
        );
    }

    /// <summary>Takes it out. Until all projections are made anew, the forum does not start.</summary>
    /// <param name="by">The member who does it.</param>
    public async Task RunAsync(
        ErasurePlan erasure,
        ErasureScope scope,
        string reason,
        Guid by,
        Action<long, long> progress
    )
    {
        string[] projections = [.. store.Options.Events.Projections().Select(projection => projection.Name)];
        // Nobody would make them anew.
        await retirement.DropOthersAsync(projections.ToHashSet(StringComparer.Ordinal), CancellationToken.None);
        await using var connection = await database.OpenConnectionAsync();
        var erased = new List<ErasedEvent>();
        await foreach (
            var one in ErasedAsync(connection, new PersonalValues(erasure.MemberId, scope, erasure.Number), progress)
        )
        {
            erased.Add(one);
        }

        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var some in erased.Chunk(AtOnce))
        {
            await UpdateAsync(connection, some);
        }

        await ExecuteAsync(
            connection,
            $"delete from {MartenTables.Documents}givenanswer where starts_with(id, $1)",
            GivenAnswer.PrefixOf(erasure.Subject)
        );
        await ExecuteAsync(connection, $"delete from {Threads.Reading.RenderedTextTable.Table}");
        await ExecuteAsync(
            connection,
            $"insert into {UnfinishedRebuilds.Table} (projection) select unnest($1) on conflict do nothing",
            (object)projections
        );
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        var receipt = session.Events.BuildEvent(new MemberErased(erasure.Number, scope, erasure.Counts, reason));
        receipt.UserName = by.ToString();
        session.Events.Append(erasure.MemberId, receipt);
        await session.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Writes the tables anew that held what is gone: a row that was changed stays in its file until then.</summary>
    public static async Task CompactAsync(NpgsqlConnection connection, Action<long, long> progress)
    {
        await using var find = new NpgsqlCommand(
            "select format('%I.%I', schemaname, relname) from pg_stat_user_tables order by 1",
            connection
        );
        var tables = new List<string>();
        await using (var rows = await find.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                tables.Add(rows.GetString(0));
            }
        }

        foreach (var (done, table) in tables.Index())
        {
            progress(done, tables.Count);
            await ExecuteAsync(connection, $"vacuum (full, analyze) {table}");
        }
    }

    private static async Task<int> NextNumberAsync(NpgsqlConnection connection)
    {
        await using var last = new NpgsqlCommand(
            $"select coalesce(max((data ->> 'number')::int), 0) + 1 from {MartenTables.Events} e where type = 'member_erased'",
            connection
        );
        return (int)(await last.ExecuteScalarAsync())!;
    }

    private static async IAsyncEnumerable<ErasedEvent> ErasedAsync(
        NpgsqlConnection connection,
        PersonalValues person,
        Action<long, long> progress
    )
    {
        await using var last = new NpgsqlCommand(
            $"select max({MartenTables.Position}) from {MartenTables.EventTable}",
            connection
        );
        var total = await last.ExecuteScalarAsync() as long? ?? 0;
        await using var read = new NpgsqlCommand(Events, connection) { CommandTimeout = 0 };
        await using var rows = await read.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var e = new HeldEvent(
                rows.GetInt64(0),
                rows.GetGuid(1),
                rows.GetString(2),
                rows.GetString(3),
                await rows.IsDBNullAsync(4) ? null : rows.GetString(4),
                await rows.IsDBNullAsync(5) ? null : rows.GetString(5)
            );
            progress(e.Position, total);
            if (person.Of(e) is { } erased)
            {
                yield return erased;
            }
        }
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, ErasedEvent[] erased)
    {
        await using var update = new NpgsqlCommand(Update, connection) { CommandTimeout = 0 };
        update.Parameters.AddWithValue(erased.Select(one => one.Event.Position).ToArray());
        update.Parameters.Add(Json(erased.Select(one => (string?)one.Data)));
        update.Parameters.Add(Json(erased.Select(one => one.Headers)));
        await update.ExecuteNonQueryAsync();
        foreach (var one in erased)
        {
            await EventSalts.ForgetAsync(connection, one.Event.Position, one.Forgotten);
        }

        static NpgsqlParameter Json(IEnumerable<string?> values) =>
            new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }
}
