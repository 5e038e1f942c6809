using System.Text.Json;
using System.Text.Json.Nodes;
using DiffPlex.Renderer;

namespace EventForum.Acceptance.Harness;

/// <summary>
/// What some threads looked like while they were written: every page of theirs after every command, as a moderator and
/// as anyone sees it, and as plain text.
/// </summary>
public sealed class Recording(ForumServer forum, params Guid[] threads)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly TestMember moderator = forum.Moderator();
    private readonly TestMember stranger = forum.Stranger();
    private readonly List<Take> takes = [];
    private long position;

    /// <summary>How many pages were compared by <see cref="ShouldBeReadAgainAsync"/>.</summary>
    public int Compared { get; private set; }

    /// <summary>Looks at the threads now that a command was carried out. Nobody writes to them meanwhile.</summary>
    /// <param name="changed">The thread that the command changed; null when it was none of them.</param>
    public async Task LookAsync(long commandPosition, Guid? changed)
    {
        position = commandPosition;
        foreach (var thread in threads)
        {
            var pageCount = 1;
            for (var page = 1; page <= pageCount; page++)
            {
                var query = $"page={page}&min-position={position}";
                var sight = await SeeAsync(thread, query);
                pageCount = sight.Full["pageCount"]!.GetValue<int>();
                takes.Add(new Take(thread, page, thread == changed, ForumServer.Clock(), sight));
            }
        }
    }

    /// <summary>Reads all of it again out of the past, by version and by time.</summary>
    public async Task ShouldBeReadAgainAsync()
    {
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var thread in threads)
        {
            foreach (var last in takes.Where(take => take.Thread == thread).GroupBy(take => take.Page))
            {
                removed.UnionWith(
                    Posts(last.Last().Sight.Full).Where(IsRemoved).Select(post => post["id"]!.GetValue<string>())
                );
            }
        }

        foreach (var take in takes)
        {
            if (take.IsOfItsVersion)
            {
                await CompareAsync(take, $"version={take.Sight.Full["version"]}", removed);
            }

            await CompareAsync(take, $"at={ForumServer.Rfc3339(take.At)}", removed);
        }
    }

    private static IEnumerable<JsonObject> Posts(JsonNode page) => page["posts"]!.AsArray().Select(p => p!.AsObject());

    private static IEnumerable<JsonObject> Quotes(JsonNode post) =>
        post["quotes"]!.AsArray().Select(q => q!.AsObject());

    private static bool IsRemoved(JsonObject post) => post["state"]!.GetValue<string>() == "removed";

    private async Task CompareAsync(Take take, string moment, HashSet<string> removed)
    {
        var query = $"{moment}&page={take.Page}&min-position={position}";
        var past = await SeeAsync(take.Thread, query);
        past.Full.Remove("asOf").ShouldBeTrue(query);
        past.Public.Remove("asOf").ShouldBeTrue(query);
        foreach (var page in (JsonObject[])[past.Full, past.Public])
        {
            // That of now names the newest version, that of a time names the time.
            page["permalink"] = take.Sight.Full["permalink"]!.DeepClone();
        }

        var hint = $"/api/threads/{take.Thread}?{query}";
        Alike(take.Sight.Full, past.Full, hint);
        past.Text.ShouldBe(take.Sight.Text, hint);
        Withheld(past.Public, take.Sight.Public, removed);
        Alike(take.Sight.Public, past.Public, hint);
        Compared++;
    }

    private static void Alike(JsonObject live, JsonObject past, string path)
    {
        if (!JsonNode.DeepEquals(live, past))
        {
            var differences = UnidiffRenderer.GenerateUnidiff(live.ToJsonString(Readable), past.ToJsonString(Readable));
            Assert.Fail($"{path} is not what was live:\n{differences}");
        }
    }

    /// <summary>
    /// What has been removed since is withheld from all but moderators. Asserts that it is, and then makes both
    /// alike: nothing else may differ.
    /// </summary>
    private static void Withheld(JsonObject past, JsonObject live, HashSet<string> removed)
    {
        foreach (var (then, seen) in Posts(past).Zip(Posts(live).ToList()))
        {
            var isGone = removed.Contains(then["id"]!.GetValue<string>()) && !IsRemoved(seen);
            then.Remove("withheld").ShouldBe(isGone);
            if (isGone)
            {
                then["body"].ShouldBeNull();
                then["html"].ShouldBeNull();
                then["editReason"].ShouldBeNull();
                Quotes(then).ShouldBeEmpty();
                then["format"].ShouldBeNull();
                (seen["body"], seen["html"], seen["quotes"], seen["editReason"]) = (null, null, new JsonArray(), null);
                seen["format"] = null;
            }

            foreach (var (quote, quoteSeen) in Quotes(then).Zip(Quotes(seen).ToList()))
            {
                if (removed.Contains(quote["postId"]!.GetValue<string>()))
                {
                    quote["state"]!.GetValue<string>().ShouldBe("removed");
                    quote["text"].ShouldBeNull();
                    if (quoteSeen["text"]?.GetValue<string>() is { } words)
                    {
                        then["body"]!.GetValue<string>().ShouldNotContain(words);
                        (quoteSeen["state"], quoteSeen["text"]) = ("removed", null);
                        (seen["body"], seen["html"]) = (then["body"]!.DeepClone(), then["html"]!.DeepClone());
                    }
                }
            }
        }
    }

    private async Task<Sight> SeeAsync(Guid thread, string query)
    {
        var path = $"/api/threads/{thread}?{query}";
        return new Sight(
            Page((await moderator.Get(path)).ShouldBe(200)),
            Page((await stranger.Get(path)).ShouldBe(200)),
            (await moderator.GetText(path)).ShouldBe(200).Text
        );
    }

    private static JsonObject Page(Answer answer)
    {
        var page = JsonNode.Parse(answer.Text)!.AsObject();
        page.Remove("viewers");
        return page;
    }

    private sealed record Sight(JsonObject Full, JsonObject Public, string Text);

    private sealed record Take(Guid Thread, int Page, bool IsOfItsVersion, DateTimeOffset At, Sight Sight);
}
