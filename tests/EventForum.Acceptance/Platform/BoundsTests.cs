using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Acceptance.Platform;

/// <summary>A thread whose texts are as long as they may be: 23 posts, and 22 edits of the first.</summary>
public sealed class LongTexts(ForumHost forum) : IAsyncLifetime
{
    public const int Replies = 22;

    public TestThread Thread { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Thread = await forum.NewThread(Text(0));
        foreach (var i in Enumerable.Range(1, Replies))
        {
            (await Thread.Starter.Reply(Thread.Id, Text(i))).ShouldBe(201);
            (await Thread.Starter.Edit(Thread.FirstPostId, Text(100 + i))).ShouldBe(200);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Two of them differ in every word, and in stretches that are not too long to be compared.</summary>
    private static string Text(int seed)
    {
        var text = new StringBuilder();
        for (var word = 0; text.Length < 199_000 / 2; word++)
        {
            text.Append(word % 1_000 == 999 ? "\n\nThe same line.\n\n" : $"{seed:x}{word % 64:x} ");
        }

        return text.ToString();
    }
}

public sealed class BoundsTests(ForumHost forum, LongTexts texts) : IClassFixture<LongTexts>
{
    /// <summary>An answer ends with the item that goes beyond the bound.</summary>
    private const int MaxBytes = Bounds.AnswerBytes + 500_000;

    /// <summary>The version that the thread was made with; another test adds to it.</summary>
    private const int Last = 1 + 2 * LongTexts.Replies;

    private readonly Guid thread = texts.Thread.Id;
    private readonly Guid post = texts.Thread.FirstPostId;

    [Fact]
    public async Task a_page_of_a_threads_history_ends_where_it_gets_long_and_the_next_goes_on()
    {
        var versions = await PagesAsync($"/api/threads/{thread}/events?limit=500", "events", "version");

        versions.Take(Last).ShouldBe(Enumerable.Range(1, Last));
    }

    [Fact]
    public async Task a_page_of_the_feed_ends_where_it_gets_long()
    {
        // Others write meanwhile: the last event may be a long one of theirs.
        var path = $"/api/events?limit=500&after={texts.Thread.Position - 1}";
        var answer = (await forum.Stranger().Get(path)).ShouldBe(200);
        var page = answer.Json;

        var sizes = page.GetProperty("events").EnumerateArray().Select(e => BytesOf(e.GetProperty("data"))).ToList();
        sizes.Count.ShouldBeGreaterThan(1);
        sizes.SkipLast(1).Sum().ShouldBeLessThan(Bounds.AnswerBytes);
        Encoding.UTF8.GetByteCount(answer.Text).ShouldBeLessThan(MaxBytes + sizes[^1]);
        page.GetProperty("atEnd").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task a_page_of_revisions_ends_where_it_gets_long_and_the_next_goes_on()
    {
        await foreach (var _ in MoreEditsAsync()) { }

        var revisions = await PagesAsync($"/api/posts/{post}/revisions?limit=100", "revisions", "revision");

        revisions.ShouldBe(Enumerable.Range(1, revisions.Count));
        (await forum.Stranger().Get($"/posts/{post}/history")).ShouldBe(200).Text.Length.ShouldBeLessThan(MaxBytes);

        async IAsyncEnumerable<Answer> MoreEditsAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                yield return (await texts.Thread.Starter.Edit(post, new string((char)('a' + i), 100_000))).ShouldBe(
                    200
                );
            }
        }
    }

    [Fact]
    public async Task a_comparison_ends_where_it_gets_long_and_the_next_page_goes_on()
    {
        var fromStart = await PagesAsync($"/api/threads/{thread}/compare?from=0&to={Last}", "changes", "version");
        var edited = await PagesAsync($"/api/threads/{thread}/compare?from=1&to={Last}", "changes", "version");

        fromStart.Count.ShouldBe(1 + LongTexts.Replies);
        edited.Count.ShouldBe(1 + LongTexts.Replies);
    }

    [Fact]
    public async Task a_replay_stops_where_it_gets_long_and_goes_on_with_the_next_connection()
    {
        var versions = new List<string?>();
        var stops = 0;
        var end = false;
        while (!end)
        {
            using var client = forum.Client(null);
            if (versions.Count > 0)
            {
                client.DefaultRequestHeaders.Add("Last-Event-ID", versions[^1]);
            }

            var bytes = 0;
            await using var stream = await client.GetStreamAsync(
                new Uri($"/api/threads/{thread}/replay?speed=10000000", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
            {
                bytes += item.Data.Length;
                end |= item.EventType == "end";
                stops += item.EventType == "stopped" ? 1 : 0;
                if (item.EventType == SseParser.EventTypeDefault)
                {
                    versions.Add(item.EventId);
                }
            }

            bytes.ShouldBeLessThan(Bounds.ReplayBytes + 1_000_000);
        }

        stops.ShouldBePositive();
        versions.Take(Last).ShouldBe(Enumerable.Range(1, Last).Select(version => $"{version}"));
    }

    [Fact]
    public async Task the_timeline_shows_a_moment_among_long_texts() =>
        (await forum.Stranger().Get($"/threads/{thread}/timeline?version=20")).ShouldBe(200);

    [Fact]
    public async Task a_post_that_was_edited_very_often_is_told_of_in_pages()
    {
        var often = await forum.NewThread();
        await forum.Database.ExecuteAsync(
            """
            insert into forum.posts
            select copy.*
              from forum.posts p
             cross join generate_series(2, 1200) n
             cross join lateral jsonb_populate_record(p, jsonb_build_object(
                       'from_version', n, 'to_version', n + 1, 'revision', n)) copy
             where p.thread_id = $1
            """,
            often.Id
        );

        var revisions = await PagesAsync($"/api/posts/{often.FirstPostId}/answers", "revisions", "revision");

        revisions.ShouldBe(Enumerable.Range(1, 1200));
    }

    /// <summary>A lock holds up what the reader asked for until the reader has gone.</summary>
    [Fact]
    public async Task nobody_works_for_a_reader_who_has_gone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var own = await ForumHost.StartAsync(database, ("Limits:DearReadsAtOnce", "1"));
        var asked = await own.NewThread();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var held = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var lockIt = new NpgsqlCommand("lock table forum.posts", connection, held);
        await lockIt.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var gone = new CancellationTokenSource();
        using var client = own.Client(null);

        var answer = client.GetAsync(new Uri($"/api/threads/{asked.Id}/compare?from=0", UriKind.Relative), gone.Token);
        await WaitersAsync(database, 1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => answer);

        await WaitersAsync(database, 0);
        await held.RollbackAsync(TestContext.Current.CancellationToken);
        (await own.Stranger().Get($"/api/threads/{asked.Id}/compare?from=0")).ShouldBe(200);
    }

    /// <summary>Waits until so many comparisons wait for the lock.</summary>
    private static async Task WaitersAsync(TestDatabase database, long count)
    {
        await Patience.UntilAsync(async () =>
            await database.ScalarAsync<long>(
                """
                select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and query like '%version = any($5)%'
                """
            ) == count
        );
    }

    /// <summary>One property of all items of all pages.</summary>
    private async Task<List<int>> PagesAsync(string path, string items, string property)
    {
        var found = new List<int>();
        var pages = 0;
        var cursor = "";
        while (true)
        {
            var page = await ReadAsync(path + cursor);
            pages++;
            found.AddRange(
                page.GetProperty(items).EnumerateArray().Select(item => item.GetProperty(property).GetInt32())
            );
            if (page.GetProperty("next") is not { ValueKind: JsonValueKind.Number } next)
            {
                pages.ShouldBeGreaterThan(1);
                return found;
            }

            cursor = $"{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}after={next}";
        }
    }

    private static int BytesOf(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json).Length;

    private async Task<JsonElement> ReadAsync(string path)
    {
        var answer = (await forum.Stranger().Get(path)).ShouldBe(200);
        Encoding.UTF8.GetByteCount(answer.Text).ShouldBeLessThan(MaxBytes);
        return answer.Json;
    }
}
