using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.RealInput;

/// <summary>The page that the project started from, as commands and as its readers saw it.</summary>
public sealed partial class SeedThreadTests
{
    private const string Commands = "seed-thread.commands.jsonl";
    private const string Page = "seed-thread.txt";

    /// <summary>The other site's own words around the thread.</summary>
    private static readonly string[] Furniture = ["Users who are viewing this thread", "Top"];

    [Fact]
    public async Task its_commands_make_the_page_that_its_readers_saw()
    {
        var commands = RealData.Require(Commands);
        var seen = Paragraphs(
                await File.ReadAllTextAsync(RealData.Require(Page), TestContext.Current.CancellationToken)
            )
            .Where(paragraph => !Furniture.Contains(paragraph, StringComparer.Ordinal));
        await using var forum = await ForumHost.StartAsync(null, ("Sample", "false"));

        var thread = await PlayAsync(forum, commands);

        var text = (await forum.Stranger().GetText($"/api/threads/{thread}")).ShouldBe(200).Text;
        Paragraphs(text).Where(paragraph => !Attribution().IsMatch(paragraph)).ShouldBe(seen);
        var page = (await forum.Stranger().Get($"/api/threads/{thread}")).ShouldBe(200).Json;
        ItsThirdPostShouldQuoteTheOwnWordsOfItsSecond(page.GetProperty("posts"), text);
    }

    private static void ItsThirdPostShouldQuoteTheOwnWordsOfItsSecond(JsonElement posts, string text)
    {
        var second = RealData.Read<Command>(Commands)[1].Body;
        var own = Paragraphs(QuoteBlock().Replace(second, ""));
        var quoted = QuoteBlock().Matches(second).Select(block => block.Groups["text"].Value).ToList();

        own.Count.ShouldBe(4);
        quoted.Count.ShouldBe(3);
        var quote = posts[2].GetProperty("quotes").EnumerateArray().ShouldHaveSingleItem();
        quote.GetProperty("state").GetString().ShouldBe("exact");
        quote.GetProperty("number").GetInt32().ShouldBe(2);
        quote.GetProperty("postId").GetGuid().ShouldBe(posts[1].GetProperty("id").GetGuid());
        quote.GetProperty("revision").GetInt32().ShouldBe(1);
        Paragraphs(quote.GetProperty("text").GetString()!).ShouldBe(own);
        foreach (var paragraph in quoted.SelectMany(Paragraphs))
        {
            text.Split(paragraph).Length.ShouldBe(2, "what the second post quotes is in the second post only");
            posts[2].GetProperty("body").GetString()!.ShouldNotContain(paragraph);
        }
    }

    /// <summary>Runs the program's own command, and gives the thread that it names at the end.</summary>
    private static async Task<Guid> PlayAsync(ForumServer forum, string commands)
    {
        var printed = await ForumProcess.CommandAsync(
            forum.Database,
            "play",
            commands,
            "--url",
            forum.Address.ToString().TrimEnd('/')
        );
        return Guid.Parse(ThreadAddress().Match(printed).Groups["id"].Value);
    }

    private static IReadOnlyList<string> Paragraphs(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^\w+ wrote:$", RegexOptions.None, 1_000)]
    private static partial Regex Attribution();

    [GeneratedRegex(@"\[quote\](?<text>.*?)\[/quote\]", RegexOptions.Singleline, 1_000)]
    private static partial Regex QuoteBlock();

    [GeneratedRegex(@"/threads/(?<id>[0-9a-f-]{36})", RegexOptions.None, 1_000)]
    private static partial Regex ThreadAddress();

    private sealed record Command(string Body);
}
