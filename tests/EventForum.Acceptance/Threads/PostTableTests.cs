using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Threads;

/// <summary>The tables of posts and headers hold what a fold of the events gives.</summary>
public sealed class PostTableTests
{
    private const string Sql = $"""
        select {PostColumns.All}, p.to_version, p.from_at, p.position from {PostTable.Table} p
         where p.thread_id = $1 order by p.from_version
        """;

    [Fact]
    public async Task rows_are_the_fold_of_any_history_in_whatever_pieces_it_is_saved()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        for (var seed = 1; seed <= 25; seed++)
        {
            var random = new Random(seed);
            var store = forum.Services.GetRequiredService<IDocumentStore>();
            Guid[] threads = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
            var histories = threads.ToDictionary(id => id, _ => History(random));
            while (histories.Values.Any(left => left.Count > 0))
            {
                await using var session = store.LightweightSession();
                foreach (var (id, left) in histories)
                {
                    await AppendAsync(session, id, left, random.Next(8));
                }

                await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            }

            foreach (var id in threads)
            {
                await using var session = store.QuerySession();
                var events = await session.Events.FetchStreamAsync(id, token: TestContext.Current.CancellationToken);
                (await PostsAsync(forum.Database, id)).ShouldBe(Folded(events), $"seed {seed}");
                (await HeadersAsync(forum.Database, id)).ShouldBe(Headers(events), $"seed {seed}");
            }
        }
    }

    /// <summary>A thread's start, and then anything, of posts that are not there too, by its authors and others.</summary>
    private static Queue<(object Event, Guid Actor)> History(Random random)
    {
        Guid[] people = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        var posts = new List<Guid> { Guid.CreateVersion7() };
        var events = new Queue<(object, Guid)>();
        Add(new ThreadStarted(Guid.CreateVersion7(), "A title", posts[0], "The first.", []));
        for (var i = 0; i < 60; i++)
        {
            var post = random.Next(15) == 0 ? Guid.CreateVersion7() : posts[random.Next(posts.Count)];
            Quote[] quotes = random.Next(3) == 0 ? [new Quote(0, post, 1, 0, 3)] : [];
            var reason = random.Next(2) == 0 ? null : $"Reason {i}.";
            switch (random.Next(12))
            {
                case < 3:
                    posts.Add(Guid.CreateVersion7());
                    Add(
                        new ReplyPosted(
                            posts[^1],
                            posts.Count,
                            $"Reply {i} \U0001F426",
                            quotes,
                            i,
                            Format: AFormat(),
                            ParentId: post
                        )
                    );
                    break;
                case < 5:
                    Add(new PostEdited(post, $"Edit {i}", quotes, reason, Format: AFormat()));
                    break;
                case < 8:
                    Add(new PostRemoved(post, reason));
                    break;
                case < 10:
                    Add(new PostRestored(post, reason));
                    break;
                default:
                    Add(
                        random.Next(5) switch
                        {
                            0 => new ThreadRenamed($"Title {i}", reason),
                            1 => new ThreadLocked($"Lock {i}"),
                            2 => new ThreadUnlocked($"Unlock {i}"),
                            3 => new ThreadPinned(reason),
                            _ => new ThreadUnpinned(reason),
                        }
                    );
                    break;
            }
        }

        return events;

        PostFormat AFormat() => (PostFormat)random.Next(4);

        void Add(object data) => events.Enqueue((data, people[random.Next(people.Length)]));
    }

    private static async Task AppendAsync(
        IDocumentSession session,
        Guid id,
        Queue<(object Event, Guid Actor)> left,
        int count
    )
    {
        if (count == 0 || left.Count == 0)
        {
            return;
        }

        var stream = await session.Events.FetchForWriting<ForumThread>(id);
        for (; count > 0 && left.TryDequeue(out var next); count--)
        {
            var e = session.Events.BuildEvent(next.Event);
            e.UserName = next.Actor.ToString();
            stream.AppendOne(e);
        }
    }

    private static List<string> Folded(IReadOnlyList<IEvent> events)
    {
        var rows = new List<(PostRow Row, long? To, IEvent By)>();
        foreach (var e in events)
        {
            if (PostEvents.PostOf(e.Data) is { } id)
            {
                var last = rows.FindLastIndex(row => row.Row.PostId == id);
                if (PostRow.Fold(last < 0 ? null : rows[last].Row, e) is { } row)
                {
                    if (last >= 0)
                    {
                        rows[last] = rows[last] with { To = e.Version };
                    }

                    rows.Add((row, null, e));
                }
            }
        }

        return [.. rows.Select(row => Line(row.Row, row.To, row.By.Timestamp, row.By.Sequence))];
    }

    private static async Task<List<string>> PostsAsync(TestDatabase database, Guid threadId)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(Sql);
        command.Parameters.AddWithValue(threadId);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(
                Line(
                    PostColumns.Read(reader),
                    await reader.IsDBNullAsync(PostColumns.Count) ? null : reader.GetInt64(PostColumns.Count),
                    await reader.GetFieldValueAsync<DateTimeOffset>(PostColumns.Count + 1),
                    reader.GetInt64(PostColumns.Count + 2)
                )
            );
        }

        return rows;
    }

    private static string Line(PostRow row, long? to, DateTimeOffset at, long position) =>
        $"{JsonSerializer.Serialize(row)} to {to} at {at:O}, position {position}";

    private static List<string> Headers(IReadOnlyList<IEvent> events)
    {
        ThreadHeader? header = null;
        var rows = new List<string>();
        foreach (var e in events.Where(ThreadHeader.IsChangedBy))
        {
            header = ThreadHeader.Fold(header, e)!;
            rows.Add($"{e.Version} {header.BoardId} {header.Title} {header.LockReason} {header.IsPinned}");
        }

        return rows;
    }

    private static async Task<List<string>> HeadersAsync(TestDatabase database, Guid threadId)
    {
        var rows = await database.ColumnAsync<string>(
            $"""
            select concat_ws(' ', from_version, board_id, title, coalesce(lock_reason, ''), initcap(is_pinned::text))
              from {HeaderTable.Table} where thread_id = $1 order by from_version
            """,
            threadId
        );
        return [.. rows];
    }
}
