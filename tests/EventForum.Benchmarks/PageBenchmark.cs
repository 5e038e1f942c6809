using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventForum.Benchmarks;

/// <summary>A thread's page against a bare server that reads the same bytes by primary key.</summary>
internal static class PageBenchmark
{
    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        Report.Progress("Pages…");
        var body = Forum.Body[..160];
        var thread = (await forum.ThreadsAsync(1, body))[0];
        for (var i = 1; i < 20; i++)
        {
            await forum.ReplyAsync(thread, body);
        }

        foreach (var clients in new[] { 8, 32 })
        {
            var name = $"pages, {clients} readers";
            await CompareAsync(options, forum, report, name, clients, [$"/api/threads/{thread}"]);
        }
    }

    /// <summary>The bare server, of this page.</summary>
    public static async Task<Child> FloorAsync(Options options, Forum forum, byte[] page)
    {
        var id = Guid.CreateVersion7();
        await PageFloor.FillAsync(forum.Source, id, page);
        return await Child.StartAsync(
            Environment.ProcessPath!,
            [PageFloor.Verb, id.ToString()],
            options.Database,
            Path.GetTempPath(),
            "/"
        );
    }

    /// <summary>Clients that go round these pages, and as many that get the first of them from the bare server.</summary>
    public static async Task CompareAsync(
        Options options,
        Forum forum,
        Report report,
        string name,
        int clients,
        string[] paths,
        string target = ">= 0.6"
    )
    {
        var page = await forum.GetAsync(paths[0]);
        await using var floor = await FloorAsync(options, forum, page);
        var forumClients = Clients(forum.Process.Port, paths);
        var floorClients = Clients(floor.Port, paths[..1]);
        await Load.RunAsync(forumClients, options.WarmUp / 4);
        await Load.RunAsync(floorClients, options.WarmUp / 4);
        var result = await Load.CompareAsync(options, forum.Meter, _ => forumClients, _ => floorClients);
        report.Add($"{name}, {page.Length / 1000.0:N1} kB", result, target);

        Func<ValueTask>[] Clients(int port, string[] around)
        {
            var requests = around.Select(HttpConnection.Get).ToArray();
            return [.. Enumerable.Range(0, clients).Select(Client)];

            Func<ValueTask> Client(int index)
            {
                var connection = new HttpConnection(port);
                var turn = index * requests.Length / clients;
                return () => connection.ExpectAsync(requests[turn++ % requests.Length], 200);
            }
        }
    }
}

/// <summary>The bare server.</summary>
internal static class PageFloor
{
    public const string Verb = "serve-page";

    public static async Task FillAsync(NpgsqlDataSource source, Guid id, byte[] page)
    {
        await using var command = source.CreateCommand(
            """
            create schema if not exists floor;
            create table if not exists floor.pages (id uuid primary key, page text not null);
            """
        );
        await command.ExecuteNonQueryAsync();
        await using var insert = source.CreateCommand("insert into floor.pages values ($1, $2)");
        insert.Parameters.Add(new NpgsqlParameter { Value = id });
        insert.Parameters.Add(new NpgsqlParameter { Value = System.Text.Encoding.UTF8.GetString(page) });
        await insert.ExecuteNonQueryAsync();
    }

    public static async Task<int> ServeAsync(Guid id)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EVENTFORUM_DB"))
            {
                MaxAutoPrepare = 10,
                AutoPrepareMinUsages = 2,
            }
        );
        app.Run(async http =>
        {
            await using var command = source.CreateCommand("select page from floor.pages where id = $1");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
            await reader.ReadAsync(http.RequestAborted);
            var page = reader.GetFieldValue<byte[]>(0);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = page.Length;
            await http.Response.Body.WriteAsync(page, http.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
