using System.Globalization;
using EventForum.Audit;
using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Mvc;
using Spectre.Console;

namespace EventForum.CommandLine;

/// <summary>Shows a story: as a table in a terminal, as lines in a file or a pipe.</summary>
internal static class StoryTable
{
    private const int TimeWidth = 16;
    private const int WhoWidth = 16;

    /// <summary>What the lines of a table take beside its columns.</summary>
    private const int Borders = 9;

    public static async Task<bool> ShowAsync(HttpClient forum, AuditInput input)
    {
        var id = input.Id.TrimEnd('/').Split('/')[^1];
        if (!Guid.TryParse(id, out var thing))
        {
            if (input.Verb != "member" || await FindMemberAsync(forum, id) is not { } member)
            {
                return AuditCommand.Refuse(
                    input.Verb == "member"
                        ? $"There is no member {id}."
                        : $"Name the {input.Verb} by its id or its address."
                );
            }

            thing = member;
        }

        var path = $"/api/audit/{(input.Verb == "batch" ? "batches" : input.Verb + "s")}/{thing}{Query(input)}";
        if (input.JsonFlag || input.CsvFlag)
        {
            using var file = await forum.GetAsync(
                $"{path}&format={(input.JsonFlag ? "jsonl" : "csv")}",
                HttpCompletionOption.ResponseHeadersRead
            );
            if (!await IsAnswerAsync(file))
            {
                return false;
            }

            await using var output = Console.OpenStandardOutput();
            await file.Content.CopyToAsync(output);
            return true;
        }

        var show = On(AnsiConsole.Console, Console.IsOutputRedirected);
        for (long? after = 0; after is not null; )
        {
            using var answer = await forum.GetAsync($"{path}&limit=200&after={after}");
            if (!await IsAnswerAsync(answer))
            {
                return false;
            }

            var page = (await answer.Content.ReadFromJsonAsync<StoryPage>(Wire.Json))!;
            show(page, after == 0);
            after = page.Next;
        }

        return true;
    }

    internal static Action<StoryPage, bool> On(IAnsiConsole console, bool isRedirected) =>
        isRedirected ? (page, _) => ShowLines(page, Console.Out) : (page, isFirst) => ShowTable(page, isFirst, console);

    private static void ShowLines(StoryPage page, TextWriter output)
    {
        foreach (var entry in page.Entries)
        {
            output.WriteLine(
                Harmless($"{Time(entry.At)}  {entry.Sentence}{(entry.Reason is null ? "" : ": " + entry.Reason)}")
            );
        }
    }

    private static void ShowTable(StoryPage page, bool isFirst, IAnsiConsole console)
    {
        if (isFirst)
        {
            console.Write(new Text(Harmless(Heading(page.Of)) + "\n\n", new Style(decoration: Decoration.Bold)));
            if (page.Entries.Count == 0 && page.Next is null)
            {
                console.Write(new Text("Nothing happened.\n"));
                return;
            }
        }

        // All pages have the same columns, so that they read as one table.
        var rest = Math.Max(40, console.Profile.Width - TimeWidth - WhoWidth - Borders);
        var why = page.Entries.Any(entry => entry.Reason is not null) || !isFirst || page.Next is not null;
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = isFirst }
            .AddColumn(new TableColumn("When").Width(TimeWidth).NoWrap())
            .AddColumn(new TableColumn("Who").Width(WhoWidth))
            .AddColumn(new TableColumn("What").Width(why ? rest * 6 / 10 : rest));
        if (why)
        {
            table.AddColumn(new TableColumn("Why").Width(rest - rest * 6 / 10));
        }

        var place = Guid.Empty;
        StoryEntry? before = null;
        foreach (var entry in page.Entries)
        {
            var what = new Paragraph(Harmless(What(entry)), ColourOf(entry.Type));
            if (page.Of.Kind != "thread" && entry.Thread is { } thread && thread.Id != place)
            {
                what.Append(Harmless($"\nin {thread.Title}"), Color.Grey);
                place = thread.Id;
            }

            // What one batch did has one reason.
            var isSaid =
                entry.BatchId is not null && (entry.BatchId, entry.Reason) == (before?.BatchId, before?.Reason);
            before = entry;

            table.AddRow([
                new Text(Time(entry.At), Color.Grey),
                new Text(Harmless(entry.Actor?.Name ?? "")),
                what,
                .. why ? (Text[])[new Text(Harmless(isSaid ? "" : entry.Reason ?? ""))] : [],
            ]);
        }

        console.Write(table);
    }

    private static string Heading(StorySubject of) =>
        of.Kind switch
        {
            "post" => $"Post {of.Number} by {of.Name}, in “{of.Title}”",
            "thread" => $"The thread “{of.Title}”",
            "member" => $"{of.Name}, a member",
            "batch" => $"A batch: {of.Name}",
            _ => $"The board “{of.Name}”",
        };

    /// <summary>The sentence behind the name, which stands in a column of its own.</summary>
    private static string What(StoryEntry entry) =>
        entry.Actor is { } who
        && Bidi.Isolate(who.Name) + " " is var name
        && entry.Sentence.StartsWith(name, StringComparison.Ordinal)
            ? entry.Sentence[name.Length..]
            : entry.Sentence;

    private static Color ColourOf(string type) =>
        type switch
        {
            "thread_started" or "reply_posted" or "post_restored" => Color.Green,
            "post_edited" or "thread_renamed" => Color.Yellow,
            "post_removed" or "post_held" or "thread_locked" or "member_suspended" or "member_silenced" => Color.Red,
            "posts_moved_in" or "posts_moved_out" or "thread_moved" or "thread_split_off" => Color.Aqua,
            "post_reported" => Color.Fuchsia,
            _ => Color.Default,
        };

    internal static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Takes out what would steer a terminal: names and reasons are what anyone wrote.</summary>
    internal static string Harmless(string text) => string.Concat(text.Where(c => c == '\n' || !char.IsControl(c)));

    private static string Query(AuditInput input)
    {
        (string Name, string Value)[] wanted =
        [
            ("actor", input.ActorFlag),
            ("types", input.TypesFlag),
            ("from", input.FromFlag),
            ("to", input.ToFlag),
        ];
        return "?"
            + string.Join(
                '&',
                wanted.Where(one => one.Value.Length > 0).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}")
            );
    }

    private static async Task<Guid?> FindMemberAsync(HttpClient forum, string name)
    {
        using var answer = await forum.GetAsync($"/api/members?name={Uri.EscapeDataString(name)}");
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<MemberDetails[]>(Wire.Json))?.FirstOrDefault()?.Id
            : null;
    }

    internal static async Task<bool> IsAnswerAsync(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
        {
            return true;
        }

        var problem = await answer.Content.ReadFromJsonAsync<ProblemDetails>(Wire.Json);
        return AuditCommand.Refuse($"{problem?.Title} {problem?.Detail}");
    }
}
