using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>Rows of posts that an earlier version wrote have no positions; a start gives them theirs.</summary>
public sealed class PostPositionsTests
{
    private const string Rows = "select to_jsonb(p)::text from forum.posts p order by 1";

    [Fact]
    public async Task a_database_of_an_earlier_version_gets_the_positions_and_its_pages_stay()
    {
        await using var database = await TestDatabase.CreateAsync();
        SortedDictionary<string, string> pages;
        IReadOnlyList<string> rows;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await EventfulHistory.WriteAsync(forum);
            await ReadModels.CatchUpAsync(forum);
            pages = await PagesAsync(forum);
            rows = await database.ColumnAsync<string>(Rows);
        }

        await EarlierAsync(database);
        await using (var upgraded = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            (await PagesAsync(upgraded)).ShouldBe(pages);
            (await database.ColumnAsync<string>(Rows)).ShouldBe(rows);
        }

        await EarlierAsync(database);
        await ForumProcess.CommandAsync(database, "projections", "rebuild");
        (await database.ColumnAsync<string>(Rows)).ShouldBe(rows);
    }

    [Fact]
    public async Task an_upgrade_that_was_broken_off_goes_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> rows;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            var thread = await forum.NewThread();
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => thread.Starter.Reply(thread.Id, $"Reply {i}.")));
            rows = await database.ColumnAsync<string>(Rows);
        }

        await EarlierAsync(database);
        await database.ExecuteAsync("alter table forum.posts add column position bigint");
        await database.ExecuteAsync(
            """
            update forum.posts set position = (select seq_id from forum.mt_events where stream_id = thread_id and version = from_version)
             where number % 3 = 0
            """
        );

        await using var upgraded = await ForumHost.StartAsync(database, ("Sample", "false"));

        (await database.ColumnAsync<string>(Rows)).ShouldBe(rows);
        var again = await upgraded.NewThread();
        (await again.Starter.Edit(again.FirstPostId, "It goes on.")).ShouldBe(200);
    }

    /// <summary>The table as it was before it had positions.</summary>
    private static async Task EarlierAsync(TestDatabase database)
    {
        await database.ExecuteAsync("drop index forum.posts_revision");
        await database.ExecuteAsync("alter table forum.posts drop column position cascade");
        await database.ExecuteAsync("create index posts_revision on forum.posts (post_id, revision, from_version)");
    }

    /// <summary>Every page of every thread, now and at each of its versions, and each post's revisions.</summary>
    private static async Task<SortedDictionary<string, string>> PagesAsync(ForumHost forum)
    {
        var paths = await forum.Database.ColumnAsync<string>(
            """
            select format('/api/threads/%s?version=%s', id, v)
              from forum.mt_streams cross join generate_series(1, version, 3) v where type = 'forum_thread'
            union all
            select format('/api/threads/%s', id) from forum.mt_streams where type = 'forum_thread'
            union all
            select format('/api/posts/%s/revisions', post_id) from forum.posts group by post_id
            """
        );
        var pages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            pages[path] = (await forum.Stranger().Get(path)).Text;
        }

        return pages;
    }
}
