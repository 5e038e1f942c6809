using System.Globalization;
using EventForum.Platform;
using EventForum.Questions;
using EventForum.Questions.Policies;
using JasperFx.CommandLine;
using Npgsql;

namespace EventForum.CommandLine;

public sealed class BacktestInput : HostInput
{
    [Description("The policy, a JSON file: words, patterns, rate, links")]
    public string File { get; set; } = "";

    [Description("Only what was written since then, as 90d")]
    [FlagAlias("last", true)]
    public string? LastFlag { get; set; }

    [Description("Only what was written from a time on, as 2026-01-31")]
    [FlagAlias("from", true)]
    public string? FromFlag { get; set; }

    [Description("Only what was written before a time")]
    [FlagAlias("to", true)]
    public string? ToFlag { get; set; }

    [Description("All that is caught, as comma-separated values")]
    [FlagAlias("csv", true)]
    public bool CsvFlag { get; set; }

    [Description("All that is caught, as JSON")]
    [FlagAlias("json", true)]
    public bool JsonFlag { get; set; }

    [Description("How long it may take; 10m without it")]
    [FlagAlias("timeout", true)]
    public string? TimeoutFlag { get; set; }

    [Description("How many megabytes it may keep in memory; 1024 without it")]
    [FlagAlias("memory", true)]
    public string? MemoryFlag { get; set; }
}

/// <summary>Says what a policy would have caught, and how far it agrees with what moderators removed. It changes nothing.</summary>
[Description("Try a policy for posts on the past", Name = "backtest")]
public sealed class BacktestCommand : JasperFxAsyncCommand<BacktestInput>
{
    private const int Sample = 10;

    public BacktestCommand() => Usage("views backtest FILE, or backtest FILE").Arguments(input => input.File);

    public override async Task<bool> Execute(BacktestInput input)
    {
        var services = input.Services;
        var host = QuestionHost.Process() with { Clock = services.GetRequiredService<TimeProvider>() };
        var database = services.GetRequiredKeyedService<NpgsqlDataSource>(ReadDatabase.Key);
        try
        {
            await RunAsync(input, host, database);
            return true;
        }
        catch (QuestionRefusedException e)
        {
            await host.Error.WriteLineAsync(e.Message);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            await host.Error.WriteLineAsync(QuestionRefusedException.NoForum);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            await host.Error.WriteLineAsync(StartRefusedException.Explain(e));
        }

        return false;
    }

    private static async Task RunAsync(BacktestInput input, QuestionHost host, NpgsqlDataSource database)
    {
        var options = QuestionOptions.Parse([.. Arguments(input)], host.Clock.GetUtcNow());
        var policy = await PolicyFile.ReadAsync(input.File, CancellationToken.None);
        var (result, all) = await QuestionRun.LimitedAsync(
            options,
            host,
            async (progress, cancellation) =>
            {
                var found = await new Backtest(database, policy).RunAsync(
                    options.From,
                    options.To,
                    new QuestionBounds(options.Memory),
                    progress,
                    cancellation
                );
                return (found, await AnswerTable.Of(found.Texts).NamedAsync(database, cancellation));
            }
        );
        if (options.Form != AnswerForm.Table)
        {
            AnswerWriter.Write(all, options, host.Output);
            return;
        }

        await host.Output.WriteLineAsync(Summary(result));
        if (all.Rows.Count > 0)
        {
            await host.Output.WriteLineAsync(
                all.Rows.Count > Sample ? $"The first {Sample}; --csv and --json give all." : "All of them:"
            );
            AnswerWriter.Write(
                (all with { Rows = [.. all.Rows.Take(Sample)] }).Only(
                    "At",
                    "Member",
                    "Thread",
                    "Post",
                    "Match",
                    "Excerpt"
                ),
                options,
                host.Output
            );
        }
    }

    private static IEnumerable<string> Arguments(BacktestInput input) =>
        [
            .. Flag("--last", input.LastFlag),
            .. Flag("--from", input.FromFlag),
            .. Flag("--to", input.ToFlag),
            .. input.CsvFlag ? (string[])["--csv"] : [],
            .. input.JsonFlag ? (string[])["--json"] : [],
            .. Flag("--timeout", input.TimeoutFlag),
            .. Flag("--memory", input.MemoryFlag),
        ];

    private static string[] Flag(string flag, string? value) => value is null ? [] : [flag, value];

    private static string Summary(BacktestResult result)
    {
        var share = result.Posts == 0 ? 0 : (double)result.CaughtPosts / result.Posts;
        var caught = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Caught:      {result.CaughtPosts:N0} of {result.Posts:N0} posts ({share:P2}), in {result.Texts.Count:N0} texts: {Rules(
                result
            )}
            Members:     {result.CaughtMembers:N0} of {result.Members:N0} who wrote
            """
        );
        var moderators = result.Recall is { } recall
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Moderators:  removed {result.Removed:N0} of the posts, of which {result.Agreed:N0} are caught
                Precision:   {(
                    result.Precision is { } precision
                        ? $"{precision:P1} of what is caught, moderators removed"
                        : "nothing is caught"
                )}
                Recall:      {recall:P1} of what moderators removed is caught
                """
            )
            : "Moderators:  removed none of these posts, so there is nothing to compare with";
        return $"{caught}\n{moderators}\n";
    }

    private static string Rules(BacktestResult result) =>
        result.Texts.Count == 0
            ? "none"
            : string.Join(
                ", ",
                result
                    .Texts.GroupBy(text => text.Rule, StringComparer.Ordinal)
                    .OrderByDescending(rule => rule.Count())
                    .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Count():N0} by {rule.Key}"))
            );
}
