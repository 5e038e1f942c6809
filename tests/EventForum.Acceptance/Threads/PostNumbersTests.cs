using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>A number is given once, even where the state that rules decide with is wrong.</summary>
public sealed class PostNumbersTests(ForumHost forum)
{
    [Fact]
    public async Task the_database_refuses_a_number_that_its_thread_has_given()
    {
        var thread = await forum.NewThread();
        var other = await forum.NewThread();
        (await forum.Member().Reply(thread.Id, "Second.")).ShouldBe(201).Number.ShouldBe(2);
        await ForgetPostsAsync(forum.Database, thread.Id);

        var answers = await Task.WhenAll(
            // Of those whom the server does not know yet, so that it reads the thread's state.
            Enumerable.Range(0, 10).Select(i => forum.Member().Reply(i < 2 ? thread.Id : other.Id, $"Reply {i}."))
        );

        foreach (var refused in answers.Take(2))
        {
            refused.ShouldBeProblem(503, "thread-behind").Headers.RetryAfter.ShouldNotBeNull();
        }

        answers.Skip(2).ShouldAllBe(answer => answer.Status == 201);
        (await forum.Database.NumbersAsync(thread.Id)).ShouldBe([1, 2]);
        (await forum.Database.NumbersAsync(other.Id)).ShouldBe(Enumerable.Range(1, 9));
    }

    [Fact]
    public async Task numbers_that_were_given_twice_stay_and_the_next_ones_are_given_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        Guid thread;
        await using (var old = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = (await old.NewThread()).Id;
            (await old.Member().Reply(thread, "Second.")).ShouldBe(201);
            await database.ExecuteAsync("drop index forum.mt_events_post_number");
            await ForgetPostsAsync(database, thread);
            (await old.Member().Reply(thread, "Second again.")).ShouldBe(201).Number.ShouldBe(2);
        }

        await using var upgraded = await ForumHost.StartAsync(database);
        (await upgraded.Member().Reply(thread, "Third.")).ShouldBe(201).Number.ShouldBe(3);
        await ForgetPostsAsync(database, thread);

        (await upgraded.Member().Reply(thread, "Once more?")).ShouldBeProblem(503, "thread-behind");
        (await database.NumbersAsync(thread)).ShouldBe([1, 2, 2, 3]);
    }

    [Fact]
    public async Task the_index_of_an_earlier_version_is_replaced()
    {
        await using var database = await TestDatabase.CreateAsync();
        TestThread thread;
        Answer reply;
        await using (var old = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = await old.NewThread();
            reply = (await old.Member().Reply(thread.Id, "Second.")).ShouldBe(201);
            await database.ExecuteAsync(
                """
                drop index forum.mt_events_post_number;
                create unique index mt_events_post_number on forum.mt_events (stream_id, ((data ->> 'number')::int))
                 where type = 'reply_posted'
                """
            );
        }

        await using var upgraded = await ForumHost.StartAsync(database);
        await ForgetPostsAsync(database, thread.Id);
        (await upgraded.Member().Reply(thread.Id, "Second again?")).ShouldBeProblem(503, "thread-behind");
        await GiveNumberAsync(database, reply.Position, "\"two\"");
        (await upgraded.Member().Reply(thread.Id, "Second again.")).ShouldBe(201);
    }

    [Fact]
    public async Task numbers_that_are_none_hinder_neither_the_start_nor_readers_nor_writers()
    {
        await using var database = await TestDatabase.CreateAsync();
        var threads = new List<TestThread>();
        await using (var old = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await database.ExecuteAsync("drop index forum.mt_events_post_number");
            foreach (var number in (string[])["\"two\"", "null", "-2.5", "99999999999"])
            {
                var thread = await old.NewThread();
                (await thread.Starter.Edit(thread.FirstPostId, "First, edited.")).ShouldBe(200);
                var broken = (await thread.Starter.Reply(thread.Id, "Second.")).ShouldBe(201);
                (await thread.Starter.Reply(thread.Id, "Third.")).ShouldBe(201);
                await GiveNumberAsync(database, broken.Position, number);
                threads.Add(thread);
            }
        }

        await using var upgraded = await ForumHost.StartAsync(database);
        foreach (var thread in threads)
        {
            (await thread.Starter.At(upgraded).Reply(thread.Id, "Fourth.")).ShouldBe(201).Number.ShouldBe(4);
            var third = (await upgraded.Stranger().Get($"/api/threads/{thread.Id}?version=3")).ShouldBe(200).Json;
            third.GetProperty("posts").GetArrayLength().ShouldBe(2);
        }
    }

    private static Task GiveNumberAsync(TestDatabase database, long position, string number) =>
        database.ExecuteAsync(
            $"update forum.mt_events set data = jsonb_set(data, '{{number}}', '{number}') where seq_id = $1",
            position
        );

    /// <summary>As if the thread's state had been made from its first event alone.</summary>
    private static Task ForgetPostsAsync(TestDatabase database, Guid thread) =>
        database.ExecuteAsync(
            "update forum.mt_doc_forumthread set data = jsonb_set(data, '{lastNumber}', '1') where id = $1",
            thread
        );
}
