using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.History.Sql;

/// <summary>The views hold what a guest sees over HTTP, and nothing else.</summary>
[Collection(nameof(QueriedForum))]
public sealed class SqlGuestTests(QueriedForum forum)
{
    [Fact]
    public async Task the_views_of_events_are_the_feed_of_a_guest()
    {
        var rows = new Dictionary<long, (string View, JsonElement Row)>();
        foreach (var view in (await forum.Reader.ViewsAsync()).Where(view => view != "posts"))
        {
            foreach (var row in await forum.Reader.RowsAsync(view))
            {
                rows.Add(row.GetProperty("position").GetInt64(), (view, row));
            }
        }

        var removed = (
            await forum.Host.Database.ColumnAsync<Guid>(
                "select post_id from forum.posts where to_version is null and removed_at is not null"
            )
        )
            .Select(id => id.ToString())
            .ToHashSet(StringComparer.Ordinal);
        var withheld = 0;
        var entries = await FeedAsync();
        entries.Count.ShouldBe(rows.Count);
        entries.Count.ShouldBeGreaterThan(300);
        foreach (var entry in entries)
        {
            var (view, row) = rows[entry.GetProperty("position").GetInt64()];
            var shown = $"{row} is {entry}";
            view.ShouldBe(entry.GetProperty("type").GetString(), shown);
            var actor = entry.GetProperty("actor");
            Text(row, "actor").ShouldBe(actor.ValueKind == JsonValueKind.Null ? null : Text(actor, "id"), shown);
            Text(row, entry.GetProperty("stream").GetString()!).ShouldBe(Text(entry, "streamId"), shown);
            row.GetProperty("version").GetInt64().ShouldBe(entry.GetProperty("version").GetInt64(), shown);
            Text(row, "batch").ShouldBe(Text(entry, "causationId"), shown);
            Text(row, "correlation").ShouldBe(Text(entry, "correlationId"), shown);
            IsSame(row.GetProperty("time"), entry.GetProperty("at")).ShouldBeTrue(shown);
            foreach (var member in entry.GetProperty("data").EnumerateObject())
            {
                var isColumn = row.TryGetProperty(
                    JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name),
                    out var value
                );
                if (
                    member.Name == "reason"
                    && view is "post_removed" or "post_restored" or "post_holds_restored"
                    && removed.Contains(Text(row, "post_id")!)
                )
                {
                    // The page shows it; a reason may repeat the words, and rows are copied further than pages.
                    value.ValueKind.ShouldBe(JsonValueKind.Null, shown);
                    withheld++;
                }
                else if (isColumn)
                {
                    IsSame(value, member.Value).ShouldBeTrue($"{member.Name}: {shown}");
                }
                else
                {
                    member.Value.ValueKind.ShouldBe(JsonValueKind.Null, $"{member.Name}: {shown}");
                }
            }
        }

        withheld.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task a_threads_board_is_beside_its_events()
    {
        (
            await forum.Reader.ColumnAsync(
                "select count(*) from history.thread_started where board is distinct from board_id and thread not in (select thread from history.thread_moved)"
            )
        ).ShouldBe(["0"]);
        (
            await forum.Reader.ColumnAsync(
                $"select distinct board from history.reply_posted where thread = '{forum.Guarded.Public.Id}'"
            )
        ).ShouldBe([forum.Guarded.Public.BoardId.ToString()]);
    }

    [Fact]
    public async Task the_posts_are_the_revisions_that_their_routes_list_to_a_guest()
    {
        var guest = forum.Host.Stranger();
        var rows = (await forum.Reader.RowsAsync("posts")).ToLookup(row => Text(row, "post"), StringComparer.Ordinal);
        var all = await forum.Host.Database.ColumnAsync<Guid>("select distinct post_id from forum.posts");
        all.Count.ShouldBeGreaterThan(rows.Count);
        var edited = 0;
        foreach (var id in all)
        {
            var list = await guest.Get($"/api/posts/{id}/revisions?limit=100");
            var kept = rows[id.ToString()].OrderBy(row => row.GetProperty("revision").GetInt32()).ToList();
            if (list.Status != 200)
            {
                kept.ShouldBeEmpty(list.Text);
                continue;
            }

            var post = (await guest.Get($"/api/posts/{id}")).ShouldBe(200).Json;
            var revisions = list.Json.GetProperty("revisions").EnumerateArray().ToList();
            kept.Count.ShouldBe(revisions.Count, list.Text);
            edited += revisions.Count - 1;
            for (var i = 0; i < revisions.Count; i++)
            {
                var (row, revision) = (kept[i], revisions[i]);
                var next = i + 1 < revisions.Count ? revisions[i + 1] : (JsonElement?)null;
                var shown = $"{row} is {revision} of {post}";
                row.GetProperty("revision").GetInt32().ShouldBe(revision.GetProperty("revision").GetInt32(), shown);
                row.GetProperty("from_version").GetInt64().ShouldBe(revision.GetProperty("version").GetInt64(), shown);
                IsSame(row.GetProperty("from_time"), revision.GetProperty("at")).ShouldBeTrue(shown);
                IsSame(row.GetProperty("to_version"), next?.GetProperty("version")).ShouldBeTrue(shown);
                IsSame(row.GetProperty("to_time"), next?.GetProperty("at")).ShouldBeTrue(shown);
                Text(row, "actor").ShouldBe(Text(revision.GetProperty("by"), "id"), shown);
                Text(row, "author").ShouldBe(Text(list.Json.GetProperty("author"), "id"), shown);
                Text(row, "reason").ShouldBe(Text(revision, "reason"), shown);
                Text(row, "thread").ShouldBe(Text(post, "threadId"), shown);
                row.GetProperty("number")
                    .GetInt32()
                    .ShouldBe(post.GetProperty("post").GetProperty("number").GetInt32(), shown);
                if (row.GetProperty("quotes").GetArrayLength() == 0)
                {
                    Text(row, "body").ShouldBe(Text(revision, "body"), shown);
                }
                else
                {
                    Text(revision, "body")!.ShouldEndWith(Text(row, "body")!, Case.Sensitive, shown);
                }
            }
        }

        edited.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task what_is_hidden_removed_or_half_made_leaves_the_views_at_once()
    {
        var thread = await forum.Host.NewThread("Words that go.");
        var quoting = (await thread.Starter.Quote(thread.FirstPostId, "So it says.")).ShouldBe(201);
        var elsewhere = await forum.Host.NewThread();
        (
            await thread.Starter.Reply(elsewhere.Id, $"[quote=\"post:{quoting.PostId}\"]So it says.[/quote]\n\nIndeed.")
        ).ShouldBe(201);
        (await Seen()).ShouldBe("2 1 1 1");
        (await Quoted()).ShouldNotBeNull().ShouldContain("postId");

        (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
        (await Seen()).ShouldBe("1 1 1 0");
        (await thread.Starter.Restore(thread.FirstPostId)).ShouldBe(200);
        (await Seen()).ShouldBe("2 1 1 1");

        (await forum.Host.Admin().Permit(thread.BoardId, see: new { })).ShouldBe(200);
        (await Seen()).ShouldBe("0 0 0 0");
        (await Quoted()).ShouldBe("""[{"at": 0, "state": "hidden"}]""");
        (await forum.Host.Admin().Permit(thread.BoardId)).ShouldBe(200);
        (await Seen()).ShouldBe("2 1 1 1");

        async Task<string?> Seen() =>
            (
                await forum.Reader.ColumnAsync(
                    $"""
                    select concat_ws(' ', (select count(*) from history.posts where thread = '{thread.Id}'),
                                          (select count(*) from history.reply_posted where thread = '{thread.Id}'),
                                          (select count(*) from history.board_created where board = '{thread.BoardId}'),
                                          (select count(body) from history.thread_started where thread = '{thread.Id}'))
                    """
                )
            )[0];

        async Task<string?> Quoted() =>
            (
                await forum.Reader.ColumnAsync(
                    $"select quotes from history.reply_posted where thread = '{elsewhere.Id}'"
                )
            )[0];
    }

    private async Task<List<JsonElement>> FeedAsync()
    {
        var entries = new List<JsonElement>();
        for (long after = 0; ; )
        {
            var page = (
                await forum
                    .Host.Stranger()
                    .Get($"/api/events?limit=500&after={after.ToString(CultureInfo.InvariantCulture)}")
            )
                .ShouldBe(200)
                .Json;
            entries.AddRange(page.GetProperty("events").EnumerateArray());
            if (page.GetProperty("atEnd").GetBoolean())
            {
                return entries;
            }

            after = page.GetProperty("next").GetInt64();
        }
    }

    private static string? Text(JsonElement of, string property) => of.GetProperty(property).GetString();

    /// <summary>Whether JSON of PostgreSQL and of the program mean the same.</summary>
    private static bool IsSame(JsonElement row, JsonElement? other)
    {
        if (other is not { } value || value.ValueKind == JsonValueKind.Null)
        {
            return row.ValueKind == JsonValueKind.Null;
        }

        return
            row.ValueKind == JsonValueKind.String
            && value.ValueKind == JsonValueKind.String
            && row.GetString() != value.GetString()
            ? DateTimeOffset.TryParse(row.GetString(), CultureInfo.InvariantCulture, out var a)
                && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var b)
                && a == b
            : JsonNode.DeepEquals(JsonNode.Parse(row.GetRawText()), JsonNode.Parse(value.GetRawText()));
    }
}
