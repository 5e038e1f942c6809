using System.Text.Json;
using EventForum.Views.Framework;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Harness;

/// <summary>Everything that projections keep.</summary>
public static class ReadModels
{
    /// <summary>
    /// Tables that no projection keeps: the events themselves, what running needs, and texts as they were rendered, which
    /// are a cache: what is in it depends on what was read, and nothing on what is in it.
    /// </summary>
    private const string Tables = """
        select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')
           and tablename !~ '^(mt_events|mt_streams|mt_event_|mt_high_water|mt_hilo|wolverine_)'
           and tablename not in ('mt_doc_deadletterevent', 'mt_doc_envelope', 'mt_doc_givenanswer', 'settled_position',
                               'view_leases', 'view_servers', 'views', 'revocations', 'unfinished_rebuilds', 'rendered_texts', 'erasures')
           and tablename !~ '^log_'
         order by 1
        """;

    /// <summary>Waits until every view shows everything, and names all projections.</summary>
    public static async Task<IReadOnlyList<string>> CatchUpAsync(ForumHost forum)
    {
        var projections = forum.Services.GetRequiredService<IDocumentStore>().Options.Events.Projections();
        var behind = projections
            .Where(projection => projection.Lifecycle == ProjectionLifecycle.Async)
            .Select(projection => projection.Name + ":%")
            .ToArray();
        await Patience.UntilAsync(async () =>
            await forum.Database.ScalarAsync<long>(
                """
                select count(*) from unnest($1) as shard
                 where not exists (select from forum.mt_event_progression
                                    where name like shard and last_seq_id >= (select max(seq_id) from forum.mt_events))
                """,
                (object)behind
            ) == 0
        );

        return [.. projections.Select(projection => projection.Name)];
    }

    /// <summary>Has a view leave out an event, as it will when it is built again.</summary>
    public static async Task LeaveOutAsync(ForumHost forum, string view)
    {
        var admin = forum.Admin();
        (await admin.PauseView(view)).ShouldBe(200);
        var thread = await forum.NewThread();
        var reply = (await admin.Reply(thread.Id, "Left out.")).ShouldBe(201);
        (await admin.SkipViewEvent(view, reply.Position)).ShouldBe(200);
        (await admin.ResumeView(view)).ShouldBe(200);
    }

    public static async Task<IReadOnlyList<ViewStatus>> ViewsAsync(TestMember who) =>
        JsonSerializer
            .Deserialize<ViewList>((await who.Get("/api/views")).ShouldBe(200).Text, JsonSerializerOptions.Web)!
            .Views;

    /// <summary>Empties every table that a projection keeps, and has them all made again from the events.</summary>
    /// <param name="projections">What <see cref="CatchUpAsync"/> said; no server runs on the database any more.</param>
    public static async Task ShouldEqualTheirRebuildAsync(TestDatabase database, IReadOnlyList<string> projections)
    {
        var live = await DumpAsync(database);
        foreach (var (table, rows) in live)
        {
            // Not every history has moderators, moves, late edits, reports or views that are managed; RebuildTests' has.
            if (
                !table.Contains("view", StringComparison.Ordinal)
                && !table.Contains("moderationbatch", StringComparison.Ordinal)
                && !table.Contains("doc_case", StringComparison.Ordinal)
                && !table.Contains("board_moves", StringComparison.Ordinal)
            )
            {
                ShouldHoldSomething(table, rows);
            }

            await database.ExecuteAsync($"truncate {table} cascade");
        }

        var printed = await ForumProcess.CommandAsync(database, "projections", "rebuild");

        var rebuilt = await DumpAsync(database);
        projections.ShouldAllBe(projection => printed.Contains(projection));
        ShouldBeEqual(live, rebuilt);
    }

    public static void ShouldHoldSomething(string table, IReadOnlyList<string> rows) =>
        rows.ShouldNotBeEmpty($"a table that holds nothing proves nothing: the history leaves no trace in {table}");

    /// <summary>Row by row.</summary>
    public static void ShouldBeEqual(
        SortedDictionary<string, IReadOnlyList<string>> live,
        SortedDictionary<string, IReadOnlyList<string>> again
    )
    {
        again.Keys.ShouldBe(live.Keys);
        foreach (var (table, rows) in live)
        {
            rows.Except(again[table], StringComparer.Ordinal).Take(2).ShouldBeEmpty($"{table}: lost");
            again[table].Except(rows, StringComparer.Ordinal).Take(2).ShouldBeEmpty($"{table}: new");
            again[table].Count.ShouldBe(rows.Count, table);
        }
    }

    /// <summary>Every row of every table, in the order of its text; when it was written, and a version that is random, say nothing.</summary>
    public static async Task<SortedDictionary<string, IReadOnlyList<string>>> DumpAsync(TestDatabase database)
    {
        var dump = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var table in await database.ColumnAsync<string>(Tables))
        {
            dump[table] = await database.ColumnAsync<string>(
                $"""
                select (case jsonb_typeof(r -> 'mt_version') when 'string' then r - 'mt_version' else r end)::text
                  from {table} t cross join lateral (select to_jsonb(t) - 'mt_last_modified') as x(r) order by 1
                """
            );
        }

        return dump;
    }
}
