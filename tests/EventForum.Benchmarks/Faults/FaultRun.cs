using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace EventForum.Benchmarks.Faults;

/// <summary>
/// Servers under load, one fault after another. After each: how long until every view shows what was written by the
/// fault's end, and again what was written ten seconds later. At the end: whether what was acknowledged is stored
/// once, and whether readers of the feed saw every event once and in order.
/// </summary>
internal sealed class FaultRun(FaultOptions options, Cluster cluster, Servers servers, Writers writers)
{
    private const int Members = 6;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(8);

    private readonly Random random = new(options.Seed);
    private readonly List<(string Fault, TimeSpan CaughtUp)> rounds = [];
    private readonly List<string> wrong = [];

    public static async Task<int> RunAsync(string[] args)
    {
        if (FaultOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(FaultOptions.Usage);
            return 2;
        }

        var data = Directory.CreateTempSubdirectory("eventforum-faults").FullName;
        var tokens = new List<string>();
        for (var i = 0; i <= Members; i++)
        {
            string[] token = ["token", $"Faults {i}", "--roles", i == 0 ? "member,admin" : "member"];
            var printed = await Child.OutputAsync(options.Program, token, options.Database, data);
            tokens.Add(printed.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim());
        }

        await using var cluster = Cluster.Open(options.Database);
        await using var servers = new Servers(options, data);
        await servers.StartAllAsync();
        using var writers = new Writers(servers, tokens);
        var run = new FaultRun(options, cluster, servers, writers);
        return await run.RunAsync() ? 0 : 1;
    }

    private async Task<bool> RunAsync()
    {
        Say($"{options.Servers} servers, seed {options.Seed}, up to {options.Rounds} rounds");
        await writers.StartThreadsAsync(5);
        var over = false;
        using var ended = new CancellationTokenSource();
        FeedReader[] readers = [.. Enumerable.Range(0, 3).Select(first => new FeedReader(servers, first))];
        var reading = Task.WhenAll(readers.Select(reader => reader.RunAsync(ended.Token)));
        var writing = writers.RunAsync(() => !over);
        var start = Stopwatch.GetTimestamp();
        for (var round = 1; round <= options.Rounds && Stopwatch.GetElapsedTime(start) < options.Limit; round++)
        {
            await RoundAsync(round);
        }

        over = true;
        await writing;
        await CheckAsync(readers);
        await ended.CancelAsync();
        await reading;
        Array.ForEach(readers, reader => reader.Dispose());
        Print();
        return wrong.Count == 0;
    }

    private async Task RoundAsync(int round)
    {
        string[] faults =
        [
            "kill",
            "stop",
            "freeze",
            "freeze",
            "backends",
            "crash",
            "restart",
            "frozen-postgres",
            "connections",
            .. cluster.HasDiskOfItsOwn ? ["disk"] : Array.Empty<string>(),
        ];
        var fault = options.Only ?? faults[random.Next(faults.Length)];
        var place = random.Next(servers.Count);
        var before = writers.Acknowledged.Count;
        await BringAboutAsync(fault, place);
        var caughtUp = await CaughtUpAsync();
        // A server that comes back from a fault may do its harm only then.
        await Task.Delay(Later);
        var again = await CaughtUpAsync();
        await StartMissingAsync();
        var changed = await writers.RepeatAsync(20, random);
        wrong.AddRange(changed.Select(reply => $"round {round}: another answer to {reply.Text}"));
        var worst = again > caughtUp ? again : caughtUp;
        rounds.Add((fault, worst));
        if (worst > Soon)
        {
            wrong.Add($"round {round}, {fault}: views took {Seconds(worst)} s");
        }

        Say(
            $"round {round, 3}  {fault, -16} server {place + 1}  caught up after {Seconds(caughtUp), 6} s, later "
                + $"{Seconds(again), 6} s  {writers.Acknowledged.Count - before, 6} acknowledged"
        );
    }

    /// <summary>Returns at the fault's end.</summary>
    private async Task BringAboutAsync(string fault, int place)
    {
        switch (fault)
        {
            case "kill":
                await servers.KillAsync(place);
                await StartIfAloneAsync(place);
                break;
            case "stop":
                await servers.StopAsync(place);
                await StartIfAloneAsync(place);
                break;
            case "freeze":
                await servers.SignalAsync(place, "STOP");
                await Task.Delay(Freeze);
                await servers.SignalAsync(place, "CONT");
                break;
            case "backends":
                await cluster.EndBackendsAsync();
                break;
            case "crash":
                await cluster.CrashAsync();
                break;
            case "restart":
                await cluster.RestartAsync();
                break;
            case "frozen-postgres":
                await cluster.FreezeAsync(Outage);
                break;
            case "connections":
                await cluster.ExhaustAsync(Outage);
                break;
            case "disk":
                await cluster.FillDiskAsync(Outage);
                await cluster.ReviveAsync();
                break;
            default:
                throw new BenchmarkException($"There is no fault {fault}.\n{FaultOptions.Usage}");
        }
    }

    /// <summary>Where there is another server it goes on alone for a while.</summary>
    private Task StartIfAloneAsync(int place) => servers.Count == 1 ? servers.StartAsync(place) : Task.CompletedTask;

    private async Task StartMissingAsync()
    {
        for (var place = 0; place < servers.Count; place++)
        {
            if (servers.Address(place) is null)
            {
                await servers.StartAsync(place);
            }
        }
    }

    private async Task<TimeSpan> CaughtUpAsync()
    {
        var start = Stopwatch.GetTimestamp();
        long? target = null;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < Never)
        {
            try
            {
                target ??= await cluster.ScalarAsync<long>("select max(seq_id) from forum.mt_events");
                var least = await cluster.ScalarAsync<long>(
                    "select min(last_seq_id) from forum.mt_event_progression where name like '%:All'"
                );
                if (least >= target)
                {
                    return elapsed;
                }
            }
            catch (NpgsqlException)
            {
                // It is not back yet.
            }

            await Task.Delay(50);
        }

        return Never;
    }

    private async Task CheckAsync(FeedReader[] readers)
    {
        var stored = await cluster.ColumnAsync<string>(
            """
            select stream_id || ' ' || (data ->> 'number') || ' ' || (data ->> 'body') from forum.mt_events
             where type = 'reply_posted' and data ->> 'body' like 'Reply % of writer %'
            """
        );
        var acknowledged = writers
            .Acknowledged.Select(reply =>
                $"{reply.Thread} {JsonSerializer.Deserialize<JsonElement>(reply.Answer).GetProperty("number")} {reply.Text}"
            )
            .ToList();
        var once = stored.ToHashSet(StringComparer.Ordinal);
        Judge(acknowledged.Except(once, StringComparer.Ordinal).Count(), "acknowledged writes lost");
        Judge(stored.Count - acknowledged.Count, "writes stored that were not acknowledged, or twice");
        Judge(
            await cluster.ScalarAsync<long>(
                """
                select count(*) from (select from forum.mt_events where type = 'reply_posted'
                                       group by stream_id, data ->> 'number' having count(*) > 1) doubles
                """
            ),
            "numbers given twice"
        );
        var events = await cluster.ColumnAsync<long>(
            "select seq_id from forum.mt_events where type <> 'tombstone' order by seq_id"
        );
        var waited = Stopwatch.GetTimestamp();
        while (readers.Any(reader => reader.Last < events[^1]) && Stopwatch.GetElapsedTime(waited) < Never)
        {
            await Task.Delay(100);
        }

        foreach (var reader in readers)
        {
            Judge(
                reader.Positions.SequenceEqual(events) ? 0 : 1,
                "feed readers that did not see every event once, in order"
            );
        }

        Say(
            $"{acknowledged.Count} replies acknowledged, {writers.Refused} requests refused and sent again; "
                + $"{events.Count} events, seen by readers with {string.Join(", ", readers.Select(r => r.Connections))} connections"
        );
    }

    private void Judge(long count, string what)
    {
        Say($"{count} {what}");
        if (count != 0)
        {
            wrong.Add($"{count} {what}");
        }
    }

    private void Print()
    {
        Say("fault              rounds   median s     most s");
        foreach (var fault in rounds.GroupBy(round => round.Fault, StringComparer.Ordinal))
        {
            var times = fault.Select(round => round.CaughtUp).Order().ToArray();
            Say($"{fault.Key, -16} {times.Length, 8} {Seconds(times[times.Length / 2]), 10} {Seconds(times[^1]), 10}");
        }

        wrong.ForEach(Say);
        Say(wrong.Count == 0 ? $"{rounds.Count} rounds: all is well." : $"{rounds.Count} rounds: {wrong.Count} wrong.");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss}  {line}");
}
