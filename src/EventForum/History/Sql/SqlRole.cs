using Npgsql;

namespace EventForum.History.Sql;

/// <summary>
/// The role that reads the views and nothing else. A role is of the whole cluster: it may be there already, and another
/// server may make it at this moment.
/// </summary>
internal static class SqlRole
{
    public const string Name = "eventforum_reader";

    private const string State = $"""
        select exists (select from pg_roles where rolname = '{Name}'),
               exists (select from aclexplode(coalesce(datacl, acldefault('d', datdba)))
                        where grantee = 0 and privilege_type = 'TEMPORARY'),
               (select rolsuper or rolcreaterole from pg_roles where rolname = current_user),
               pg_has_role(datdba, 'usage')
          from pg_database where datname = current_database()
        """;

    /// <summary>What makes the role; an administrator runs the same file.</summary>
    public static string Script { get; } = ReadScript();

    public static async Task MakeAsync(NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        var (isThere, isTempForAll, mayCreate, isOwner) = await StateAsync(connection, cancellation);
        if ((!isThere && mayCreate) || (isTempForAll && isOwner))
        {
            await using var script = new NpgsqlCommand(Script, connection);
            await script.ExecuteNonQueryAsync(cancellation);
            (isThere, isTempForAll, _, _) = await StateAsync(connection, cancellation);
        }

        if (!isThere || isTempForAll)
        {
            log.LogInformation(
                "{Missing}: an administrator runs src/EventForum/History/Sql/role.sql in this database, as ops/README.md says",
                isThere
                    ? $"Everybody may make temporary tables and functions, {Name} among them"
                    : $"There is no role {Name} to query the schema {SqlSchema.Name} with"
            );
        }
    }

    private static async Task<(bool IsThere, bool IsTempForAll, bool MayCreate, bool IsOwner)> StateAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(State, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3));
    }

    private static string ReadScript()
    {
        using var file = typeof(SqlRole).Assembly.GetManifestResourceStream("role.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
