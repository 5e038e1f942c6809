using System.Globalization;
using EventForum.Acceptance.Harness;
using EventForum.Transparency;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>A row of any read model that is not what the events say is found, and named.</summary>
public sealed class ReadModelTamperTests(ReadModelTamperTests.Forum forum) : IClassFixture<ReadModelTamperTests.Forum>
{
    public sealed class Forum : IAsyncLifetime
    {
        public ForumHost Host { get; private set; } = null!;

        internal OwnReadModels Models { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await ForumHost.StartAsync(settings: ("Sample", "false"));
            await EventfulHistory.WriteAsync(Host);
            await ReadModels.LeaveOutAsync(Host, "activity");
            foreach (var thread in await Host.Database.ColumnAsync<Guid>("select id from forum.mt_doc_forumthread"))
            {
                await Host.Admin().Get($"/api/threads/{thread}");
            }

            await ReadModels.CatchUpAsync(Host);
            await Host.Database.LogsEverythingAsync();
            Models = await OwnReadModels.BuildAsync(Host);
        }

        public async ValueTask DisposeAsync()
        {
            await Models.DisposeAsync();
            await Host.DisposeAsync();
        }
    }

    /// <summary>Another value of a column's type; of a column without a value, some value.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["uuid"] = "gen_random_uuid()",
        ["text"] = "coalesce($1, '') || ' forged'",
        ["character varying"] = "coalesce($1, '') || ' forged'",
        ["integer"] = "coalesce($1, 0) + 100000",
        ["smallint"] = "coalesce($1, 0) + 1",
        ["bigint"] = "coalesce($1, 0) + 100000",
        ["boolean"] = "not coalesce($1, false)",
        ["date"] = "coalesce($1, '2001-01-01') + 10000",
        ["timestamp with time zone"] = "coalesce($1, '2001-01-01') + interval '1 microsecond'",
        ["double precision"] = "coalesce($1, 0) + 1",
        ["numeric"] = "coalesce($1, 0) + 1",
        ["jsonb"] = """case jsonb_typeof($1) when 'object' then $1 || '{"forged": true}' else '{"forged": true}' end""",
        ["bytea"] = "coalesce($1, '') || 'forged'",
        ["text[]"] = "$1 || 'forged'::text",
        ["uuid[]"] = "$1 || gen_random_uuid()",
        ["integer[]"] = "$1 || 7",
    };

    private async Task<(int Written, ReadModelReport Report)> AfterAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(forum.Host.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        var written = await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return (written, await forum.Models.CompareAsync(connection));
    }

    private IEnumerable<ReadModelTable> Tables => [.. forum.Models.Aside.Tables, forum.Models.Aside.Texts];

    [Fact]
    public async Task every_projection_is_made_again_and_every_table_is_compared_or_said_not_to_be_made_of_events()
    {
        forum
            .Models.Projections.Order(StringComparer.Ordinal)
            .ShouldBe(
                forum
                    .Host.Services.GetRequiredService<IDocumentStore>()
                    .Options.Events.Projections()
                    .Select(projection => projection.Name)
                    .Order(StringComparer.Ordinal)
            );
        var tables = await forum.Host.Database.ColumnAsync<string>(
            """
            select format('%s.%s', schemaname, tablename) from pg_tables
             where schemaname not in ('pg_catalog', 'information_schema')
            """
        );
        Tables
            .Select(table => $"forum.{table.Name}")
            .Concat(forum.Models.NotCompared.Select(table => table.Table))
            .Order(StringComparer.Ordinal)
            .ShouldBe(tables.Order(StringComparer.Ordinal));
        var known = tables.Select(table => table["forum.".Length..]).ToHashSet(StringComparer.Ordinal);
        ReadModelTables.NotMadeOfEvents.Keys.ShouldBeSubsetOf(known, StringComparer.Ordinal);
        known
            .Where(table => ReadModelTables.WhyNotMadeOfEvents(table) is null)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Tables.Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task what_nobody_touched_is_what_the_events_say()
    {
        for (var i = 0; i < Tamperings.Untouched; i++)
        {
            (await forum.Host.Database.VerifyAsync(forum.Host.Key().Verifier)).Flaws.ShouldBeEmpty();
            var (_, report) = await AfterAsync("select 1");
            report.Flaws.ShouldBeEmpty();
            report.Count.ShouldBe(0);
        }
    }

    [Fact]
    public async Task a_row_of_any_table_that_was_changed_deleted_or_added_is_named()
    {
        var random = new Random(20261129);
        var tables = Tables.ToList();
        var tally = new Tamperings();
        for (var i = 0; i < Tamperings.Of(400, usually: tables.Count); i++)
        {
            var table = tables[i % tables.Count];
            // Where one cannot be done to a table, another one is.
            var (kind, sql, column) = ("", (string?)null, (string?)null);
            for (var turn = i + (i / tables.Count); sql is null; turn++)
            {
                kind = ((string[])["changed", "deleted", "added"])[turn % 3];
                (sql, column) = await WrittenAsync(random, table, kind);
            }

            var (written, report) = await AfterAsync(sql);

            written.ShouldBe(1, sql);
            tally.Count(
                $"a row of {table.Name} {kind}",
                report.Count > 0,
                // What is deleted takes with it what refers to it, and what is counted may be a part of several rows.
                report.Flaws.Any(flaw => flaw.Table == $"forum.{table.Name}" && Names(flaw, column))
            );
            report.Flaws.ShouldContain(
                flaw => flaw.Table == $"forum.{table.Name}" && Names(flaw, column),
                $"{sql}: {string.Join("; ", report.Flaws)}"
            );
            if (column is not null)
            {
                report.Flaws.ShouldHaveSingleItem(sql);
            }
        }

        tally.ShouldAllBeLocated();
    }

    /// <summary>A statement that does it to a row that chance picks; of a change, the column that is another then.</summary>
    private async Task<(string? Sql, string? Column)> WrittenAsync(Random random, ReadModelTable table, string kind)
    {
        var name = $"forum.{table.Name}";
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var column in await forum.Host.Database.ColumnAsync<string>(
                "select attname || ' ' || format_type(atttypid, null) from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
                name
            )
        )
        {
            types.Add(column.Split(' ')[0], column[(column.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        var count = await forum.Host.Database.ScalarAsync<long>($"select count(*) from {name}");
        count.ShouldBeGreaterThan(0, $"{name} holds nothing: the history leaves no trace in it");
        var row =
            $"ctid = (select ctid from {name} order by ctid offset {random.NextInt64(count).ToString(CultureInfo.InvariantCulture)} limit 1)";
        if (kind == "deleted")
        {
            // Deleted events are the log's matter, and a text that is deleted from a cache is rendered again.
            return table.Name is "mt_events" or "rendered_texts"
                ? (null, null)
                : ($"delete from {name} where {row}", null);
        }

        if (kind == "added")
        {
            // Events that are added are the log's matter.
            var columns = types.Keys.ToList();
            // What another renderer made is not shown.
            var key = table.Name == "rendered_texts" ? table.Key[0] : table.Key[^1];
            var unique = await UniqueAsync(name);
            return table.Name == "mt_events"
                ? (null, null)
                : (
                    $"insert into {name} ({Names(columns)}) select {string.Join(", ", columns.Select(column => column == key || unique.Contains(column, StringComparer.Ordinal) ? Other(types[column], column) : $"\"{column}\""))} from {name} where {row}",
                    null
                );
        }

        var free = table.Columns.Except(table.Key, StringComparer.Ordinal).Where(types.ContainsKey).ToList();
        if (free.Count == 0)
        {
            return (null, null);
        }

        var changed = free[random.Next(free.Count)];
        return ($"update {name} set \"{changed}\" = {Other(types[changed], changed)} where {row}", changed);
    }

    private static bool Names(RowFlaw flaw, string? column) =>
        column is null || flaw.What.Split(" is not what")[0].Split(", ").Any(named => named.Split('.')[0] == column);

    /// <summary>Columns beside the key that no two rows may have the same of.</summary>
    private Task<IReadOnlyList<string>> UniqueAsync(string table) =>
        forum.Host.Database.ColumnAsync<string>(
            """
            select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
             where indrelid = $1::regclass and indisunique and not indisprimary
            """,
            table
        );

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"\"{c}\""));

    private static string Other(string type, string column) =>
        $"({Others[type].Replace("$1", $"\"{column}\"", StringComparison.Ordinal)})";

    [Fact]
    public async Task events_that_were_changed_and_cannot_be_read_are_said_to_make_nothing()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        await own.NewThread();
        await ReadModels.CatchUpAsync(own);
        await own.Database.ExecuteAsync(
            """update forum.mt_events set data = '{"boardId": 7}' where type = 'thread_started'"""
        );

        (await Should.ThrowAsync<Exception>(() => OwnReadModels.BuildAsync(own)))
            .GetBaseException()
            .Message.ShouldContain("token type");
    }

    [Fact]
    public async Task a_view_that_is_behind_is_compared_as_of_where_it_is()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await own.NewThread();
        await ReadModels.CatchUpAsync(own);
        (await own.Admin().PauseView("activity")).ShouldBe(200);
        (await thread.Starter.Reply(thread.Id, "Not in the view yet.")).ShouldBe(201);

        await using var models = await OwnReadModels.BuildAsync(own);

        (await models.CompareAsync()).Flaws.ShouldBeEmpty();
        (
            await own.Database.ScalarAsync<long>(
                "select last_seq_id from forum.mt_event_progression where name like 'activity%'"
            )
        ).ShouldBeLessThan(await own.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events"));
    }
}
