using System.Globalization;
using EventForum.Platform;
using EventForum.Views.Framework;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Mvc;
using Spectre.Console;

namespace EventForum.CommandLine;

public sealed class ViewsInput : HostInput
{
    [Description("list, pause, resume, skip, rebuild, verify or drop")]
    public string Act { get; set; } = "list";

    [Description("The view")]
    public string Name { get; set; } = "";

    [Description("The position of the event to skip, or the version to drop")]
    public long Number { get; set; }

    [Description("Why, in 1-500 characters: for pause, resume and skip")]
    public string ReasonFlag { get; set; } = "";

    [Description("The forum to ask; EVENTFORUM_URL, or the one that make run starts")]
    public string? UrlFlag { get; set; }
}

/// <summary>Shows the views of a running forum, and manages them.</summary>
[Description("Show the views of a running forum, and pause, resume, mend, rebuild, verify or drop one", Name = "views")]
public sealed class ViewsCommand : JasperFxAsyncCommand<ViewsInput>
{
    /// <summary>These ask a running forum; the others work beside it, on its database.</summary>
    private static readonly string[] Asking = ["list", "pause", "resume", "skip"];

    public ViewsCommand()
    {
        Usage("views, to look on").Arguments();
        Usage("views pause NAME, views resume NAME, both with --reason; views rebuild NAME, views verify NAME")
            .Arguments(input => input.Act, input => input.Name);
        Usage("views skip NAME POSITION, views drop NAME VERSION")
            .Arguments(input => input.Act, input => input.Name, input => input.Number);
    }

    public static bool NeedsDatabase(string[] args) =>
        args is ["views", var act, ..] && act[0] != '-' && !Asking.Contains(act);

    public override async Task<bool> Execute(ViewsInput input)
    {
        if (Asking.Contains(input.Act))
        {
            return await RunningForum.AskAsync(
                input.UrlFlag,
                forum => input.Act == "list" ? ShowAsync(forum) : SendAsync(forum, input)
            );
        }

        var views = input.Services.GetServices<ViewDefinition>().ToList();
        if (input.Act == "drop")
        {
            return await DropAsync(input, views);
        }

        if (views.Find(view => view.Name == input.Name) is not { } view)
        {
            return Refuse(
                $"There is no view {input.Name}. There are {string.Join(", ", views.Select(known => known.Name))}; others are rebuilt by `projections rebuild`."
            );
        }

        var rebuild = input.Services.GetRequiredService<ViewRebuild>();
        var clock = input.Services.GetRequiredService<TimeProvider>();
        switch (input.Act)
        {
            case "rebuild":
                return await Platform.Progress.ShowAsync(
                    $"Building {view.Name} aside",
                    clock,
                    progress => rebuild.RebuildAsync(view, progress, CancellationToken.None)
                )
                    ? Say($"Version {view.Version} of {view.Name} is what the events give.")
                    : Refuse(NotBegun(view));
            case "verify":
                var different = await Platform.Progress.ShowAsync(
                    $"Building {view.Name} aside",
                    clock,
                    progress => rebuild.VerifyAsync(view, progress, CancellationToken.None)
                );
                foreach (var row in different ?? [])
                {
                    Console.Error.WriteLine(row);
                }

                return different switch
                {
                    null => Refuse(NotBegun(view)),
                    [] => Say($"Version {view.Version} of {view.Name} equals what the events give, row by row."),
                    _ => Refuse(
                        $"Version {view.Version} of {view.Name} differs from what the events give. `views rebuild {view.Name}` mends it."
                    ),
                };
            default:
                return Refuse($"There is no {input.Act}: pause, resume, skip, rebuild, verify or drop.");
        }
    }

    /// <summary>The program of the command may be newer than that of the servers.</summary>
    private static string NotBegun(ViewDefinition view) =>
        $"No server has begun version {view.Version} of {view.Name}, the one that this program has. Start a server with this program: it builds it, and `views` shows how far it is.";

    private static async Task<bool> DropAsync(ViewsInput input, List<ViewDefinition> views) =>
        views.Exists(view => view.Name == input.Name && view.Version == input.Number)
            ? Refuse($"Version {input.Number} of {input.Name} is the program's own; only others can be dropped.")
        : await input
            .Services.GetRequiredService<ViewRetirement>()
            .DropAsync(input.Name, (int)input.Number, CancellationToken.None)
            ? Say($"Version {input.Number} of {input.Name} is dropped.")
        : Refuse($"There is no version {input.Number} of a view {input.Name}. `views` lists those that there are.");

    private static async Task<bool> SendAsync(HttpClient forum, ViewsInput input)
    {
        if (string.IsNullOrWhiteSpace(input.ReasonFlag))
        {
            return Refuse("Say why, in 1 to 500 characters: it is kept with the act. Add --reason 'It is slow.'");
        }

        var answer = await forum.PostAsJsonAsync(
            $"/api/views/{Uri.EscapeDataString(input.Name)}/{input.Act}",
            new { position = input.Number, reason = input.ReasonFlag }
        );
        if (answer.IsSuccessStatusCode)
        {
            return Say($"Done: {input.Act} {input.Name}.");
        }

        var problem = await answer.Content.ReadFromJsonAsync<ProblemDetails>(Wire.Json);
        return Refuse($"{problem?.Title} {problem?.Detail}");
    }

    /// <summary>Once into a file or a pipe; in a terminal until it is ended.</summary>
    private static async Task<bool> ShowAsync(HttpClient forum)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            foreach (var view in await ReadAsync(forum))
            {
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{view.Name} v{view.Version}  {view.State}  at {view.Position}, {view.EventsBehind} behind, {view.EventsPerSecond:0}/s  {view.Failure}"
                    )
                );
            }

            return true;
        }

        var table = new Table().AddColumns(
            "View",
            "State",
            "Progress",
            "Behind",
            "Events/s",
            "Left",
            "Size",
            "Failure"
        );
        await AnsiConsole
            .Live(table)
            .StartAsync(async live =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
                do
                {
                    table.Rows.Clear();
                    foreach (var view in await ReadAsync(forum))
                    {
                        table.AddRow(RowOf(view));
                    }

                    live.Refresh();
                } while (await timer.WaitForNextTickAsync());
            });
        return true;
    }

    private static IEnumerable<Text> RowOf(ViewStatus view)
    {
        var share = (int)(20 * view.Position / Math.Max(1, view.Position + view.EventsBehind));
        return new[]
        {
            $"{view.Name} v{view.Version}",
            view.State,
            new string('█', share) + new string('░', 20 - share),
            view.EventsBehind.ToString("N0", CultureInfo.InvariantCulture),
            view.EventsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
            view.EventsBehind == 0 ? "" : ViewCell.Span(view.SecondsLeft),
            view.Bytes is { } bytes ? $"{bytes / 1_000:N0} kB" : "",
            view.Failure ?? "",
        }.Select(text => new Text(text));
    }

    private static async Task<IReadOnlyList<ViewStatus>> ReadAsync(HttpClient forum) =>
        (await forum.GetFromJsonAsync<ViewList>("/api/views", Wire.Json))!.Views;

    private static bool Say(string what)
    {
        Console.WriteLine(what);
        return true;
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
