using System.Globalization;
using System.Security.Cryptography;
using EventForum.Platform;
using EventForum.Threads;
using Npgsql;

namespace EventForum.Questions;

/// <summary>
/// The PostgreSQL role that a question signs in as. It is made for one question, may select from the tables that questions
/// are answered from and nothing else, and is dropped when the question has ended. A role that a session merely sets, it
/// can reset; the one that it signed in as, it cannot leave.
/// </summary>
internal sealed class QuestionRole : IAsyncDisposable
{
    /// <summary>
    /// A role that a killed program left behind takes its password no longer than this, and is dropped by the next
    /// question after that.
    /// </summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    private static readonly string Tables = string.Join(
        ", ",
        MartenTables.EventTable,
        MartenTables.Documents + "board",
        MartenTables.Documents + "member",
        MartenTables.Documents + "forumthread",
        PostTable.Table
    );

    /// <summary>Whether a session could write: as who it signed in, or as anybody that it may turn into.</summary>
    private const string MayWrite = $"""
        select exists (
            select from pg_roles r
             where pg_has_role(session_user, r.oid, 'member')
               and (r.rolsuper or r.rolcreaterole
                    or has_table_privilege(r.oid, '{MartenTables.EventTable}', 'insert, update, delete, truncate')))
        """;

    /// <summary>Roles are the cluster's: those of this database have its number in their names. Two that grant at once would meet.</summary>
    private const string Begin = """
        select 'eventforum_question_' || oid || '_'
          from pg_advisory_xact_lock(hashtext('eventforum questions')), pg_database
         where datname = current_database()
        """;

    private const string LeftBehind =
        "select rolname::text from pg_roles where starts_with(rolname, $1) and rolvaliduntil < $2";

    private readonly string connection;
    private readonly string name;

    private QuestionRole(string connection, string name, string password)
    {
        this.connection = connection;
        this.name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(connection)
        {
            Username = name,
            Password = password,
            // They may name another role.
            Options = null,
        }.ConnectionString;
    }

    /// <summary>The forum's database, as this role.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes a role for one question.</summary>
    /// <param name="connection">The forum's database, as a role that may make roles.</param>
    /// <exception cref="QuestionRefusedException">It may not.</exception>
    public static async Task<QuestionRole> CreateAsync(
        string connection,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(connection);
            await using var session = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await session.BeginTransactionAsync(cancellation);
            await using var begin = new NpgsqlCommand(Begin, session);
            var prefix = (string)(await begin.ExecuteScalarAsync(cancellation))!;
            foreach (var left in await LeftBehindAsync(session, prefix, clock.GetUtcNow(), cancellation))
            {
                await ExecuteAsync(session, Drop(left), cancellation);
            }

            var made = prefix + Guid.CreateVersion7().ToString("N");
            var password = RandomNumberGenerator.GetHexString(32);
            var until = (clock.GetUtcNow() + Validity).ToString("O", CultureInfo.InvariantCulture);
            await ExecuteAsync(
                session,
                $"""
                create role {made} login noinherit connection limit 10 password '{password}' valid until '{until}';
                alter role {made} set default_transaction_read_only = on;
                grant usage on schema {Store.Schema} to {made};
                grant select on {Tables} to {made};
                """,
                cancellation
            );
            await transaction.CommitAsync(cancellation);
            return new QuestionRole(connection, made, password);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new QuestionRefusedException(
                "A question signs in as a role of its own, and the role in EVENTFORUM_DB may make none. Let it, with "
                    + $"`alter role {new NpgsqlConnectionStringBuilder(connection).Username} createrole`, or name a role that may only read in EVENTFORUM_READ_DB.",
                e
            );
        }
    }

    /// <summary>However a question is run, it is as a role that only reads.</summary>
    /// <exception cref="QuestionRefusedException">The role may write, or become one that may.</exception>
    public static async Task ThrowIfItMayWriteAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(MayWrite);
        if (await command.ExecuteScalarAsync(cancellation) is true)
        {
            throw new QuestionRefusedException(
                "This question would run as a role that may write. Run it with `make ask FILE=…`, which makes one that only reads, or name such a role in EVENTFORUM_READ_DB."
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var session = await database.OpenConnectionAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using var begin = new NpgsqlCommand(Begin, session);
        await begin.ExecuteNonQueryAsync();
        await ExecuteAsync(session, Drop(name), CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static string Drop(string name) =>
        $"""
            revoke select on {Tables} from {name};
            revoke usage on schema {Store.Schema} from {name};
            drop role {name};
            """;

    private static async Task<List<string>> LeftBehindAsync(
        NpgsqlConnection session,
        string prefix,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(LeftBehind, session);
        command.Parameters.Add(new NpgsqlParameter { Value = prefix });
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var left = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            left.Add(reader.GetString(0));
        }

        return left;
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
