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

        var path = $"/api/threads/{thread}";
        var page = await forum.GetAsync(path);
        report.Note($"A page is {page.Length:N0} bytes of JSON.");
        await PageFloor.FillAsync(forum.Source, thread, page);
        await using var floor = await Child.StartAsync(
            Environment.ProcessPath!,
            [PageFloor.Verb, thread.ToString()],
            options.Database,
            Path.GetTempPath(),
            path
        );
        foreach (var clients in new[] { 8, 32 })
        {
            var forumClients = Clients(forum.Process.Port);
            var floorClients = Clients(floor.Port);
            await Load.RunAsync(forumClients, options.WarmUp / 4);
            await Load.RunAsync(floorClients, options.WarmUp / 4);
            var result = await Load.CompareAsync(options, forum.Meter, _ => forumClients, _ => floorClients);
            report.Add($"pages, {clients} readers", result, ">= 0.6");

            Func<ValueTask>[] Clients(int port) =>
                [
                    .. Enumerable
                        .Range(0, clients)
                        .Select(_ => new HttpConnection(port))
                        .Select<HttpConnection, Func<ValueTask>>(connection =>
                        {
                            var request = HttpConnection.Get(path);
                            return () => connection.ExpectAsync(request, 200);
                        }),
                ];
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
