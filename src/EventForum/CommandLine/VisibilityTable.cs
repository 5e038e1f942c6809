using EventForum.Audit;
using EventForum.Platform;
using Spectre.Console;

namespace EventForum.CommandLine;

/// <summary>Shows who could read a post at a time, or whether somebody could, and the facts that decided it.</summary>
internal static class VisibilityTable
{
    public static async Task<bool> ShowAsync(HttpClient forum, AuditInput input)
    {
        if (!Guid.TryParse(input.Id.TrimEnd('/').Split('/')[^1], out var post))
        {
            return AuditCommand.Refuse("Name the post by its id or its address.");
        }

        using var answer = await forum.GetAsync(
            $"/api/audit/visibility?post={post}&member={Uri.EscapeDataString(input.MemberFlag)}"
                + $"&guest={(input.GuestFlag ? "true" : "false")}&at={Uri.EscapeDataString(input.AtFlag)}"
        );
        if (!await StoryTable.IsAnswerAsync(answer))
        {
            return false;
        }

        if (input.JsonFlag)
        {
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return true;
        }

        Show(
            (await answer.Content.ReadFromJsonAsync<Visibility>(Wire.Json))!,
            AnsiConsole.Console,
            Console.IsOutputRedirected
        );
        return true;
    }

    internal static void Show(Visibility answer, IAnsiConsole console, bool isRedirected)
    {
        var verdict = StoryTable.Harmless(Verdict(answer));
        if (isRedirected)
        {
            console.Profile.Out.Writer.WriteLine(verdict);
            foreach (var fact in answer.Facts)
            {
                console.Profile.Out.Writer.WriteLine(
                    StoryTable.Harmless($"{When(fact), -16}  {(fact.Holds ? "yes" : "no"), -3}  {fact.Sentence}")
                );
            }

            return;
        }

        console.Write(new Text(verdict + "\n\n", new Style(decoration: Decoration.Bold)));
        var table = new Table { Border = TableBorder.Simple }
            .AddColumn("Since")
            .AddColumn("Holds")
            .AddColumn("Fact");
        foreach (var fact in answer.Facts)
        {
            table.AddRow(
                new Text(When(fact), Color.Grey),
                new Text(fact.Holds ? "yes" : "no", fact.Holds ? Color.Green : Color.Red),
                new Text(StoryTable.Harmless(fact.Sentence))
            );
        }

        console.Write(table);
    }

    private static string When(VisibilityFact fact) => fact.At is { } at ? StoryTable.Time(at) : "";

    private static string Verdict(Visibility answer)
    {
        var then = answer.At is { } at ? $"At {StoryTable.Time(at)} UTC" : "Now";
        return answer.To is { } to
            ? $"{then} it could be read by {(to.Everyone ? "everyone, guests too" : string.Join(", ", ["admins", .. to.Roles.Select(role => $"the role {role}"), .. to.Members.Select(member => member.Name)]))}."
            : $"{then} {answer.Who?.Name ?? "a guest"} could {(answer.Visible == true ? "" : "not ")}read it.";
    }
}
