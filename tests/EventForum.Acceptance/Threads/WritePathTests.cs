using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Threads;

/// <summary>What holds when many write at the same time.</summary>
public sealed class WritePathTests(ForumHost forum)
{
    [Fact]
    public async Task two_hundred_replies_at_once_get_the_numbers_2_to_201()
    {
        var thread = await forum.NewThread();
        var writers = Enumerable.Range(0, 32).Select(_ => forum.Member()).ToList();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => writers[i % writers.Count].Reply(thread.Id, $"Reply {i}."))
        );

        answers.ShouldAllBe(answer => answer.Status == 201);
        answers.Select(a => a.Number).Order().ShouldBe(Enumerable.Range(2, 200));
        answers.Select(a => a.Version).Order().ShouldBe(Enumerable.Range(2, 200).Select(i => (long)i));
        answers.Select(a => a.PostId).Distinct().Count().ShouldBe(200);
        answers.Select(a => a.Position).Distinct().Count().ShouldBe(200);
        (await forum.Database.NumbersAsync(thread.Id)).ShouldBe(Enumerable.Range(1, 201));
        foreach (var writer in writers)
        {
            (await writer.Registrations()).ShouldBe(1);
        }
    }

    [Fact]
    public async Task an_answer_names_the_event_that_was_stored()
    {
        var threads = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => forum.NewThread()));
        var writers = Enumerable.Range(0, 5).Select(_ => forum.Member()).ToList();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(async i =>
                    (
                        Thread: threads[i % 3].Id,
                        Text: $"Reply {i}.",
                        Answer: await writers[i % 5].Reply(threads[i % 3].Id, $"Reply {i}.")
                    )
                )
        );

        foreach (var (thread, text, answer) in answers)
        {
            (
                await forum.Database.ColumnAsync<string>(
                    "select concat_ws('|', stream_id, version, data ->> 'postId', data ->> 'number', data ->> 'body') from forum.mt_events where seq_id = $1",
                    answer.Position
                )
            ).ShouldBe([$"{thread}|{answer.Version}|{answer.PostId}|{answer.Number}|{text}"]);
        }
    }

    [Fact]
    public async Task refused_neighbours_leave_a_batch_alone()
    {
        var thread = await forum.NewThread();
        var writers = Enumerable.Range(0, 8).Select(_ => forum.Member()).ToList();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 120)
                .Select(i =>
                    (i % 4) switch
                    {
                        0 => writers[i % 8].Reply(thread.Id, $"Reply {i}."),
                        1 => writers[i % 8].Reply(thread.Id, "  "),
                        2 => writers[i % 8].Edit(thread.FirstPostId, "Not mine."),
                        _ => forum.Stranger().Reply(thread.Id, "Who am I?"),
                    }
                )
        );

        for (var i = 0; i < answers.Length; i++)
        {
            answers[i]
                .ShouldBe(
                    (i % 4) switch
                    {
                        0 => 201,
                        1 => 422,
                        2 => 403,
                        _ => 401,
                    }
                );
        }

        (await forum.Database.NumbersAsync(thread.Id)).ShouldBe(Enumerable.Range(1, 31));
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(31);
    }

    [Fact]
    public async Task commands_of_every_kind_at_once_leave_a_thread_whole()
    {
        var thread = await forum.NewThread();
        var author = forum.Member();
        var moderator = forum.Moderator();
        var posts = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            posts.Add((await author.Reply(thread.Id, $"Post {i}.")).ShouldBe(201).PostId);
        }

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    (i % 7) switch
                    {
                        0 => author.Reply(thread.Id, $"Reply {i}."),
                        1 => author.Edit(posts[i % 5], $"Edit {i}."),
                        2 => author.Remove(posts[i % 5]),
                        3 => author.Restore(posts[i % 5]),
                        4 => thread.Starter.Rename(thread.Id, $"Title {i}"),
                        5 => moderator.Lock(thread.Id),
                        _ => moderator.Unlock(thread.Id),
                    }
                )
        );

        answers.ShouldAllBe(answer => answer.Status < 500);
        var done = answers.Where(answer => answer.Status is 200 or 201).ToList();
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(6 + done.Count);
        done.Select(a => a.Version).Order().ShouldBe(Enumerable.Range(7, done.Count).Select(i => (long)i));
        var numbers = await forum.Database.NumbersAsync(thread.Id);
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
    }

    [Fact]
    public async Task a_hundred_threads_at_once_are_written_to_without_waiting_for_each_other()
    {
        var board = await forum.NewBoard();
        var member = forum.Member();
        var started = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => member.StartThread(board, $"Thread {i}", "Body."))
        );
        started.ShouldAllBe(answer => answer.Status == 201);

        var replies = await Task.WhenAll(
            started.SelectMany(thread =>
                Enumerable.Range(0, 3).Select(i => member.Reply(thread.ThreadId, $"Reply {i}."))
            )
        );

        replies.ShouldAllBe(answer => answer.Status == 201);
        replies
            .Select(answer => answer.Number)
            .Order()
            .ShouldBe([.. Enumerable.Repeat(2, 100), .. Enumerable.Repeat(3, 100), .. Enumerable.Repeat(4, 100)]);
    }

    [Fact]
    public async Task a_client_that_hangs_up_stops_nothing()
    {
        var thread = await forum.NewThread();
        var hasty = forum.Member();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => hasty.ReplyAndHangUp(thread.Id, $"Reply {i}."))
        );

        (await forum.Member().Reply(thread.Id, "Still here?")).ShouldBe(201);

        answers.Length.ShouldBe(40);
        var numbers = await forum.Database.NumbersAsync(thread.Id);
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
    }
}
