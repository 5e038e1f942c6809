using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Platform;
using EventForum.Views.Framework;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Views;

/// <summary>What the views that ship answer, and that at every position they are what the events up to there give.</summary>
public sealed class ShippedViewsTests
{
    private static readonly JsonSerializerOptions Columns = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    [Fact]
    public async Task each_view_answers()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = new ShiftedClock { Shift = TimeSpan.FromDays(-10) };
        await using var forum = await ForumHost.StartAsync(clock, database);
        var board = await forum.NewBoard();
        var (ada, ben, moderator) = (forum.Member(), forum.Member(), forum.Moderator());
        var thread = (await ada.StartThread(board, "Avocets", "They came back.")).ShouldBe(201);
        clock.Shift += TimeSpan.FromMinutes(2);
        var quote = (await ben.Quote(thread.PostId, "So they did.")).ShouldBe(201);
        (await ada.Reply(thread.ThreadId, "Look.")).ShouldBe(201);
        clock.Shift += TimeSpan.FromHours(3);
        (await ada.Edit(thread.PostId, "They came back today.")).ShouldBe(200);
        (await moderator.Remove(quote.PostId, "Wrong thread.")).ShouldBe(200);
        (await moderator.Restore(quote.PostId, "It was right.")).ShouldBe(200);
        var last = (await moderator.Lock(thread.ThreadId)).ShouldBe(200).Position;

        // On one day or two: three hours have passed.
        var days = await RowsAsync("activity");
        string[] counts = ["threads", "posts", "edits", "removals"];
        counts.Select(count => days.Sum(day => Int(day, count))).ShouldBe([1, 3, 1, 1]);

        var wait = (await RowsAsync("first-replies")).ShouldHaveSingleItem();
        (Int(wait, "threads"), Int(wait, "replied")).ShouldBe((1, 1));
        wait.GetProperty("medianSeconds").GetDouble().ShouldBeInRange(120, 180);

        var churn = (await RowsAsync("edit-churn", "by=late")).ShouldHaveSingleItem();
        churn.GetProperty("postId").GetGuid().ShouldBe(thread.PostId);
        (Int(churn, "edits"), Int(churn, "characters")).ShouldBe(
            (1, "They came back today.".Length - "They came back.".Length)
        );
        Int(churn, "lateSeconds").ShouldBeInRange(3 * 3_600, 4 * 3_600);
        churn.GetProperty("editors")[0].GetProperty("name").GetString().ShouldBe(ada.Name);

        var quoted = (await RowsAsync("most-quoted")).ShouldHaveSingleItem();
        quoted.GetProperty("postId").GetGuid().ShouldBe(thread.PostId);
        (Int(quoted, "quotes"), Int(quoted, "outdated")).ShouldBe((1, 1));
        var lost = (await RowsAsync("most-quoted/lost")).ShouldHaveSingleItem();
        lost.GetProperty("state").GetString().ShouldBe("edited-since");

        var members = await RowsAsync("members");
        members
            .Select(row =>
                (row.GetProperty("name").GetString(), Int(row, "posts"), Int(row, "threads"), Int(row, "quoted"))
            )
            .ShouldBe([(ada.Name, 2, 1, 1), (ben.Name, 1, 0, 0)]);
        (await RowsAsync("members", "to=2001-01-01")).ShouldBeEmpty();
        (await RowsAsync("members", $"at={await TimeOfAsync(thread.Position):O}"))
            .Select(row => (Int(row, "posts"), Int(row, "threads"), Int(row, "quoted")))
            .ShouldBe([(1, 1, 0)]);
        (await RowsAsync("members", $"at={await TimeOfAsync(quote.Position):O}&by=quoted"))
            .Select(row => (Int(row, "posts"), Int(row, "threads"), Int(row, "quoted")))
            .ShouldBe([(1, 1, 1), (1, 0, 0)]);
        (
            await RowsAsync("members", $"at={(await TimeOfAsync(thread.Position)).AddMicroseconds(-1):O}")
        ).ShouldBeEmpty();
        (await RowsAsync("members/titles")).Sum(rung => Int(rung, "members")).ShouldBe(2);

        var acts = await RowsAsync("moderators", who: moderator);
        acts.Select(row => (row.GetProperty("kind").GetString(), Int(row, "acts"), Int(row, "undone")))
            .ShouldBe([("lock", 1, 0), ("removal", 1, 1), ("restoration", 1, 0)], ignoreOrder: true);
        (await ada.Get("/api/views/moderators")).ShouldBeProblem(403, "moderators-only");
        (await ada.Get("/api/views/edit-churn?by=size")).ShouldBeProblem(400, "order-unknown");
        (await ada.Get("/api/views/members?by=size")).ShouldBeProblem(400, "order-unknown");

        Task<DateTime> TimeOfAsync(long position) =>
            database.ScalarAsync<DateTime>("select timestamp from forum.mt_events where seq_id = $1", position);

        async Task<IReadOnlyList<JsonElement>> RowsAsync(string view, string query = "", TestMember? who = null)
        {
            var answer = (await (who ?? ada).Get($"/api/views/{view}?min-position={last}&{query}")).ShouldBe(200);
            answer.Json.GetProperty("position").GetInt64().ShouldBeGreaterThanOrEqualTo(last);
            return [.. answer.Json.GetProperty("rows").EnumerateArray()];
        }

        static int Int(JsonElement row, string name) => row.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task what_is_quoted_most_is_found_behind_posts_that_are_not_in_view_and_the_newest_lost_quote_first()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var (thread, member, moderator) = (await forum.NewThread(), forum.Member(), forum.Moderator());
        var hidden = new List<Guid>();
        for (var i = 0; i < 23; i++)
        {
            hidden.Add((await member.Reply(thread.Id, $"Said {i}.")).ShouldBe(201).PostId);
        }

        var both = hidden.Select(post => $"[quote=\"post:{post}\"]Said[/quote]\n\n");
        (await member.Reply(thread.Id, $"{string.Concat(both)}One.")).ShouldBe(201);
        (await member.Reply(thread.Id, $"{string.Concat(both)}Two.")).ShouldBe(201);
        var seen = (await member.Quote(thread.FirstPostId, "Quite.")).ShouldBe(201).PostId;
        (await moderator.RemovePosts([.. hidden])).ShouldBe(201);
        await ReadModels.CatchUpAsync(forum);

        var quoted = (await forum.Stranger().Get("/api/views/most-quoted?limit=1")).ShouldBe(200).Json;

        var first = quoted.GetProperty("rows").EnumerateArray().ShouldHaveSingleItem();
        (first.GetProperty("postId").GetGuid(), Int(first, "quotes")).ShouldBe((thread.FirstPostId, 1));
        (await thread.Starter.Edit(thread.FirstPostId, "Something else.")).ShouldBe(200);
        await ReadModels.CatchUpAsync(forum);
        (await forum.Stranger().Get("/api/views/most-quoted/lost?limit=1"))
            .ShouldBe(200)
            .Json.GetProperty("rows")[0]
            .GetProperty("postId")
            .GetGuid()
            .ShouldBe(seen);

        static int Int(JsonElement row, string name) => row.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task every_view_equals_a_naive_fold_of_the_events_at_every_position_however_they_are_paged()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database, ("Sample", "false"));
        await EventfulHistory.WriteAsync(forum);
        var cancellation = TestContext.Current.CancellationToken;
        var store = (DocumentStore)forum.Services.GetRequiredService<IDocumentStore>();
        var newest = await database.ScalarAsync<long>("select max(seq_id) from forum.mt_events");
        await using var reading = store.LightweightSession();
        var events = await ViewFacts.OfAsync(
            reading,
            await ViewEvents.Of(store).ReadAsync(0, newest, cancellation),
            cancellation
        );
        var random = new Random(20260202);

        foreach (var view in forum.Services.GetServices<ViewDefinition>())
        {
            var table = view.Table + "_paged";
            await database.ExecuteAsync($"create table {table} (like {view.Table} including all)");
            var fold = view.FoldInto(table);
            for (var at = 0; at < events.Length; )
            {
                var page = events.Skip(at).Take(random.Next(1, 60)).ToList();
                await using var session = store.LightweightSession();
                await fold(session, page, cancellation);
                await session.SaveChangesAsync(cancellation);
                at += page.Count;

                (await database.ColumnAsync<string>($"select to_jsonb(t)::text from {table} t order by 1")).ShouldBe(
                    await NaiveAsync(database, view, events.Take(at)),
                    $"{view.Name} after {at} events"
                );
            }
        }
    }

    /// <summary>The rows by the view's own rules, one event after the other, as PostgreSQL prints them.</summary>
    private static Task<IReadOnlyList<string>> NaiveAsync(
        TestDatabase database,
        ViewDefinition view,
        IEnumerable<ViewEvent> events
    )
    {
        var rows = view
            .View.GetType()
            .GetInterfaces()
            .Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IView<>))
            .GetGenericArguments();
        return (Task<IReadOnlyList<string>>)
            new Func<TestDatabase, ViewDefinition, IEnumerable<ViewEvent>, Task<IReadOnlyList<string>>>(
                NaiveAsync<object>
            )
                .Method.GetGenericMethodDefinition()
                .MakeGenericMethod(rows)
                .Invoke(null, [database, view, events])!;
    }

    private static async Task<IReadOnlyList<string>> NaiveAsync<TRow>(
        TestDatabase database,
        ViewDefinition view,
        IEnumerable<ViewEvent> events
    )
        where TRow : class
    {
        var naive = new Dictionary<TRow, TRow>();
        foreach (var e in events)
        {
            foreach (var row in ((IView<TRow>)view.View).RowsOf(e))
            {
                if (((IView<TRow>)view.View).Evolve(naive.GetValueOrDefault(row, row), e) is { } evolved)
                {
                    naive[row] = evolved;
                }
                else
                {
                    naive.Remove(row);
                }
            }
        }

        return await database.ColumnAsync<string>(
            $"select to_jsonb(t)::text from jsonb_populate_recordset(null::{view.Table}, $1::jsonb) t order by 1",
            JsonSerializer.Serialize(naive.Values, Columns)
        );
    }
}
