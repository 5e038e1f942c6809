using System.Data.Common;
using EventForum.Platform;
using JasperFx.Events;
using Npgsql;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;

namespace EventForum.Threads;

/// <summary>
/// A unique index on the events: PostgreSQL refuses a second post with a number that its thread has given already,
/// whatever the state says that rules decide with. Where a database holds such numbers already, the index leaves out the
/// events that gave them again (of more than a hundred, everything up to the last of them); what is there is read as it is.
/// </summary>
internal sealed class PostNumbers() : FeatureSchemaBase("post_numbers", new PostgresqlMigrator()), ISchemaObject
{
    public const string Index = MartenTables.EventIndexes + "post_number";

    /// <summary>The number in an event's data; null where it holds none, which must hinder nobody.</summary>
    public const string Number = "(case when data ->> 'number' ~ '^[0-9]{1,9}$' then (data ->> 'number')::int end)";

    // An index of earlier versions has the same name, and refuses an event whose number is none. It goes once this one
    // is there, so that readers wait for a moment only.
    private const string Create = $"""
        do $do$
        declare
            doubled bigint[] := (
                select array_agg(position order by position)
                  from (select position, row_number() over (partition by stream_id, number order by position) as n
                          from (select position, stream_id, {Number} as number
                                  from {MartenTables.Events} e where type = 'reply_posted') e
                         where number is not null) given
                 where n > 1);
        begin
            execute $index$create unique index {Index}_new on {MartenTables.EventTable} (stream_id, {Number}) where type = 'reply_posted'$index$ ||
                case when doubled is null then ''
                     when cardinality(doubled) <= 100 then format(' and {MartenTables.Position} <> all (%L::bigint[])', doubled)
                     else format(' and {MartenTables.Position} > %s', doubled[cardinality(doubled)]) end;
            drop index if exists {Store.Schema}.{Index};
            alter index {Store.Schema}.{Index}_new rename to {Index};
        end
        $do$;
        """;

    public new DbObjectName Identifier { get; } =
        new PostgresqlObjectName(Store.Schema, Index, SchemaUtils.IdentifierUsage.General);

    public override IEnumerable<Type> DependentTypes() => [typeof(IEvent)];

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine(Create);

    public void WriteDropStatement(Migrator rules, TextWriter writer) =>
        writer.WriteLine($"drop index if exists {Identifier.QualifiedName};");

    public void ConfigureQueryCommand(Weasel.Core.DbCommandBuilder builder) =>
        builder.Append(
            $"select 1 from pg_indexes where schemaname = '{Store.Schema}' and indexname = '{Index}' and indexdef like '%CASE%';"
        );

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default) =>
        new SchemaObjectDelta(
            this,
            await reader.ReadAsync(ct) ? SchemaPatchDifference.None : SchemaPatchDifference.Create
        );

    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    /// <summary>Whether the forum's history holds numbers that were given twice.</summary>
    public static async Task<bool> AreDoubledAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select exists (select from pg_indexes where schemaname = '{Store.Schema}' and indexname = '{Index}' and indexdef like '%{MartenTables.Position}%')"
        );
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    protected override IEnumerable<ISchemaObject> schemaObjects() => [this];
}

/// <summary>Tells the operator at each start of numbers that were given twice.</summary>
internal sealed class PostNumbersCheck(NpgsqlDataSource database, ILogger<PostNumbersCheck> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await PostNumbers.AreDoubledAsync(database, cancellationToken))
        {
            log.LogWarning(
                "Threads of this forum hold posts whose numbers were given twice. They stay as they are; the database lets no more come."
            );
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
