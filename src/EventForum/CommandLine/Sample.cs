using EventForum.Boards;
using Marten;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EventForum.CommandLine;

/// <summary>Gives an empty forum on a developer's machine a thread to look at, through the commands that anyone sends.</summary>
public sealed class Sample(
    IDocumentStore store,
    IServer server,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<Sample> log
) : BackgroundService
{
    public const string Setting = "Sample";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await using (var session = store.QuerySession())
        {
            if (await session.Query<Board>().AnyAsync(stoppingToken))
            {
                return;
            }
        }

        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.First();
        using var forum = new HttpClient { BaseAddress = new Uri(address!) };
        using var script = new StreamReader(typeof(Sample).Assembly.GetManifestResourceStream("sample.jsonl")!);
        var lines = (await script.ReadToEndAsync(stoppingToken)).Split('\n');
        try
        {
            await foreach (var answer in new ScriptPlayer(forum, configuration, clock).PlayAsync(lines, stoppingToken))
            {
                if (answer.IsRefused)
                {
                    log.LogWarning(
                        "The sample thread is incomplete: {Command} was answered {Answer}",
                        answer.Command,
                        answer.Answer
                    );
                }
            }
        }
        catch (HttpRequestException e)
        {
            // The forum is there without it.
            log.LogWarning(e, "The sample thread is incomplete");
        }
    }
}
