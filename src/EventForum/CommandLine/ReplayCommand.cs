using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using EventForum.History;
using EventForum.Platform;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Mvc;
using Spectre.Console;

namespace EventForum.CommandLine;

public sealed class ReplayInput
{
    [Description("The thread: its id, or its address")]
    public string Thread { get; set; } = "";

    [Description("How many times faster than it happened, as in 100x; 1 to 10000000")]
    public string SpeedFlag { get; set; } = $"{Rhythm.DefaultSpeed}x";

    [Description("The version to start at")]
    public long? FromFlag { get; set; }

    [Description("The forum to ask; EVENTFORUM_URL, or the one that make run starts")]
    public string? UrlFlag { get; set; }
}

/// <summary>Shows a thread's history in a terminal, in its own rhythm; into a file or a pipe as plain lines.</summary>
[Description("Show how a thread came about, in its own rhythm", Name = "replay")]
public sealed class ReplayCommand : JasperFxAsyncCommand<ReplayInput>
{
    /// <summary>A server that is stopping ends every connection that it still takes.</summary>
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    public ReplayCommand() => Usage("replay THREAD").Arguments(input => input.Thread);

    public override async Task<bool> Execute(ReplayInput input)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var url = input.UrlFlag ?? configuration["EVENTFORUM_URL"] ?? "http://127.0.0.1:5080";
        var id = input.Thread.TrimEnd('/').Split('/')[^1];
        var speed = input.SpeedFlag.TrimEnd('x', 'X');
        if (!Guid.TryParse(id, out var threadId) || !int.TryParse(speed, CultureInfo.InvariantCulture, out var times))
        {
            Console.Error.WriteLine("Name a thread by its id or address, and a speed such as 100x.");
            return false;
        }

        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/threads/{threadId}/replay?speed={times}{(input.FromFlag is { } from ? $"&from={from}" : "")}"
        );
        using var forum = new HttpClient { BaseAddress = new Uri(url), Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            return await PlayAsync(forum, path, ReplayScreen.On(AnsiConsole.Console, Console.IsOutputRedirected));
        }
        catch (HttpRequestException e)
        {
            Console.Error.WriteLine($"No forum answers at {url}: {e.Message} Start it with make run.");
            return false;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(
                $"The connection to {url} broke: {e.Message} Run it again, with --from to go on from a version."
            );
            return false;
        }
    }

    /// <summary>A connection that ends before the thread does is taken up after the last event that came.</summary>
    private static async Task<bool> PlayAsync(HttpClient forum, string path, Action<HistoryEntry> show)
    {
        string? lastId = null;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (lastId is not null)
            {
                request.Headers.Add("Last-Event-ID", lastId);
            }

            using var response = await forum.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode)
            {
                var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(Wire.Json);
                Console.Error.WriteLine($"{problem?.Title} {problem?.Detail}");
                return false;
            }

            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                return true;
            }

            var before = lastId;
            try
            {
                await using var stream = await response.Content.ReadAsStreamAsync();
                await foreach (var item in SseParser.Create(stream).EnumerateAsync())
                {
                    if (item.EventType == "end")
                    {
                        return true;
                    }

                    lastId = item.EventId;
                    if (item.EventType == "stopped")
                    {
                        continue;
                    }

                    show(JsonSerializer.Deserialize<HistoryEntry>(item.Data, Wire.Json)!);
                }
            }
            catch (IOException) when (lastId != before)
            {
                // It goes on below, from where it broke.
            }

            await Task.Delay(BetweenAttempts);
        }
    }
}

/// <summary>Where a replay is shown.</summary>
internal static class ReplayScreen
{
    public static Action<HistoryEntry> On(IAnsiConsole console, bool isRedirected) =>
        isRedirected || !console.Profile.Capabilities.Ansi ? ShowPlain : entry => ShowColoured(console, entry);

    private static void ShowPlain(HistoryEntry entry)
    {
        Console.WriteLine($"{entry.Version, 5}  {Time(entry)}  {Harmless(entry.Sentence)}");
        foreach (var line in Text(entry)?.Split('\n') ?? [])
        {
            Console.WriteLine("       " + Harmless(line));
        }
    }

    private static void ShowColoured(IAnsiConsole console, HistoryEntry entry)
    {
        var colour = entry.Type switch
        {
            "thread_started" or "reply_posted" => "green",
            "post_edited" or "thread_renamed" => "yellow",
            "post_removed" or "thread_locked" => "red",
            _ => "blue",
        };
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[grey]{entry.Version, 5}  {Time(entry)}[/]  [{colour}]{Harmless(entry.Sentence)}[/]"
        );
        if (Text(entry) is { } text)
        {
            console.Write(new Padder(new Text(Harmless(text)), new Padding(7, 0, 0, 1)));
        }
    }

    private static string Time(HistoryEntry entry) =>
        entry.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>What a post says, or that this reader may not see it.</summary>
    private static string? Text(HistoryEntry entry) =>
        entry.PlainText?.Trim() ?? (entry.Withheld && entry.Post is not null ? "(removed since)" : null);

    /// <summary>Takes out what would steer a terminal: posts are what anyone wrote.</summary>
    private static string Harmless(string text) => string.Concat(text.Where(c => c == '\n' || !char.IsControl(c)));
}
