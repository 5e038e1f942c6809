using System.Text.Json;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Moderation;

public sealed class MovePostsTests(ForumHost forum)
{
    [Fact]
    public async Task two_threads_are_merged_in_the_order_of_time_and_come_apart_again_as_they_were()
    {
        var moderator = forum.Moderator();
        var one = await forum.NewThread();
        var other = await forum.NewThread();
        var author = forum.Member();
        var early = (await author.Reply(other.Id, "Early.")).ShouldBe(201);
        var late = (await author.Reply(one.Id, "Late.")).ShouldBe(201);
        var quote = (await forum.Member().Quote(early.PostId, "So it is.")).ShouldBe(201);
        (await author.Edit(early.PostId, "Early, edited.")).ShouldBe(200);
        (await moderator.Remove(late.PostId, "Rude.")).ShouldBe(200);
        var before = (One: await StateAsync(one.Id), Other: await StateAsync(other.Id));
        var version = (await author.Get($"/api/threads/{other.Id}")).ShouldBe(200).Version;

        var request = new
        {
            kind = "merge-threads",
            reason = "They are one.",
            threads = (Guid[])[other.Id],
            into = one.Id,
        };
        (await moderator.Preview(request)).ShouldBe(200).Json.GetProperty("posts").GetInt32().ShouldBe(3);
        (await StateAsync(other.Id)).ShouldBe(before.Other, "A preview changes nothing.");
        var merged = (await moderator.Batch(request)).ShouldBe(201);

        var page = (await moderator.Get($"/api/threads/{one.Id}")).ShouldBe(200);
        Posts(page).ShouldBe([one.FirstPostId, other.FirstPostId, early.PostId, late.PostId, quote.PostId]);
        page.Json.GetProperty("postCount").GetInt32().ShouldBe(5);
        // The address of the thread that is gone leads there.
        (await author.Get($"/api/threads/{other.Id}"))
            .ShouldBe(200)
            .Id("id")
            .ShouldBe(one.Id);
        (await author.Reply(other.Id, "Here?")).ShouldBeProblem(409, "thread-moved-away");
        Posts((await author.Get($"/api/threads/{other.Id}?version={version}")).ShouldBe(200))
            .ShouldBe([other.FirstPostId, early.PostId, quote.PostId]);
        var moved = (await author.Get($"/api/posts/{early.PostId}")).ShouldBe(200);
        moved.ThreadId.ShouldBe(one.Id);
        (await author.Get($"/api/posts/{early.PostId}/revisions"))
            .ShouldBe(200)
            .Json.GetProperty("revisions")
            .GetArrayLength()
            .ShouldBe(2);
        page.Json.GetProperty("posts")[4]
            .GetProperty("quotes")[0]
            .GetProperty("state")
            .GetString()
            .ShouldBe("edited-since");
        (await author.Edit(early.PostId, "Edited here.")).ShouldBe(200);
        var since = (await author.Reply(one.Id, "Since.")).ShouldBe(201);
        since.Number.ShouldBe(6);

        (await moderator.Undo(merged.Id("batchId"))).ShouldBe(201);

        var apart = (await author.Get($"/api/threads/{one.Id}")).ShouldBe(200);
        Posts(apart).ShouldBe([one.FirstPostId, late.PostId, since.PostId]);
        apart.Json.GetProperty("postCount").GetInt32().ShouldBe(3);
        var gap = apart.Json.GetProperty("moved")[0];
        (gap.GetProperty("first").GetInt32(), gap.GetProperty("last").GetInt32()).ShouldBe((3, 5));
        (gap.GetProperty("posts").GetInt32(), gap.GetProperty("threadId").GetGuid()).ShouldBe((2, other.Id));
        var back = (await author.Get($"/api/threads/{other.Id}")).ShouldBe(200);
        Posts(back).ShouldBe([other.FirstPostId, early.PostId, quote.PostId]);
        back.Json.GetProperty("posts")[1].GetProperty("body").GetString().ShouldBe("Edited here.");
        (await author.Get($"/api/posts/{since.PostId}")).ShouldBe(200).ThreadId.ShouldBe(one.Id);
    }

    [Fact]
    public async Task undoing_all_gives_back_what_was_before()
    {
        var moderator = forum.Moderator();
        var one = await forum.NewThread();
        var other = await forum.NewThread();
        var replies = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            replies.Add(
                (await forum.Member().Reply(i % 2 == 0 ? one.Id : other.Id, $"Reply {i}.")).ShouldBe(201).PostId
            );
        }

        var before = (await StateAsync(one.Id), await StateAsync(other.Id), await ListAsync());
        var split = (await moderator.Split(one.Id, [replies[0], replies[2]])).ShouldBe(201);
        var splitOff = (await moderator.Get($"/api/posts/{replies[0]}")).ShouldBe(200).ThreadId;
        Posts((await moderator.Get($"/api/threads/{splitOff}")).ShouldBe(200)).ShouldBe([replies[0], replies[2]]);
        var left = (await moderator.Get($"/api/threads/{one.Id}")).ShouldBe(200).Json;
        left.GetProperty("postCount").GetInt32().ShouldBe(2);
        left.GetProperty("moved")[0].GetProperty("threadId").GetGuid().ShouldBe(splitOff);
        var moved = (await moderator.MovePosts(one.Id, [replies[1], replies[2]], "end")).ShouldBe(201);
        Posts((await moderator.Get($"/api/threads/{one.Id}")).ShouldBe(200))
            .ShouldBe([one.FirstPostId, replies[4], replies[1], replies[2]]);
        (await ListAsync()).ShouldContain($"{splitOff} 1");

        var blocked = (await moderator.Undo(split.Id("batchId"))).ShouldBeProblem(409, "undo-blocked");
        blocked.Json.GetProperty("blockers")[0].GetGuid().ShouldBe(moved.Id("batchId"));
        (await moderator.Undo(moved.Id("batchId"))).ShouldBe(201);
        (await moderator.Undo(split.Id("batchId"))).ShouldBe(201);

        (await StateAsync(one.Id), await StateAsync(other.Id), await ListAsync()).ShouldBe(before);
        (await moderator.Get($"/api/threads/{splitOff}")).ShouldBe(200).Id("id").ShouldBe(one.Id);
        // As it began, and with its posts; nobody is led away from the past.
        Posts((await moderator.Get($"/api/threads/{splitOff}?version=1")).ShouldBe(200)).ShouldBeEmpty();
        Posts((await moderator.Get($"/api/threads/{splitOff}?version=2")).ShouldBe(200))
            .ShouldBe([replies[0], replies[2]]);

        async Task<string> ListAsync()
        {
            var position = (await moderator.Reply((await forum.NewThread()).Id, "Now.")).ShouldBe(201).Position;
            return string.Join(
                ", ",
                (await moderator.Get($"/api/boards/{one.BoardId}/threads?min-position={position}"))
                    .ShouldBe(200)
                    .Json.GetProperty("threads")
                    .EnumerateArray()
                    .Select(thread => $"{thread.GetProperty("id")} {thread.GetProperty("postCount")}")
            );
        }
    }

    [Fact]
    public async Task as_of_a_version_what_was_moved_with_it_is_quoted_where_it_came_to()
    {
        var thread = await forum.NewThread();
        var source = (await forum.Member().Reply(thread.Id, "A question.")).ShouldBe(201).PostId;
        (await forum.Member().Quote(source, "An answer.")).ShouldBe(201);
        var before = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200);

        (await forum.Moderator().Split(thread.Id, [source])).ShouldBe(201);

        var now = (await forum.Stranger().Get($"/api/threads/{thread.Id}")).ShouldBe(200);
        (Quotes(now, 1) == Quotes(before, 2)).ShouldBeFalse();
        Html(before, 2).ShouldContain("wrote in #2");
        Html(now, 1).ShouldContain("wrote in another thread");
        Html(await VersionAsync(now.Version), 1).ShouldBe(Html(now, 1));
        Quotes(await VersionAsync(now.Version), 1).ShouldBe(Quotes(now, 1));
        Quotes(await VersionAsync(before.Version), 2).ShouldBe(Quotes(before, 2));

        async Task<Answer> VersionAsync(long version) =>
            (await forum.Stranger().Get($"/api/threads/{thread.Id}?version={version}")).ShouldBe(200);

        static string Html(Answer page, int post) =>
            page.Json.GetProperty("posts")[post].GetProperty("html").GetString()!;

        static string Quotes(Answer page, int post) =>
            page.Json.GetProperty("posts")[post].GetProperty("quotes").GetRawText();
    }

    [Fact]
    public async Task two_servers_move_the_same_posts_at_once_while_others_reply_and_every_number_is_one_posts()
    {
        await using var second = await ForumHost.StartAsync(forum.Database, ("Sample", "false"));
        ForumServer[] servers = [forum, second];
        var moderators = servers.Select(server => server.Moderator()).ToList();
        var (one, two) = (await forum.NewThread(), await forum.NewThread());
        var posts = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            posts.Add((await forum.Member().Reply(one.Id, $"Post {i}.")).ShouldBe(201).PostId);
        }

        for (var round = 0; round < 20; round++)
        {
            var to = round % 2 == 0 ? two.Id : one.Id;
            var answers = await Task.WhenAll([
                .. moderators.Select((moderator, i) => moderator.MovePosts(to, posts.Skip(2 * i).Take(4), "end")),
                .. servers.Select(server => server.Member().Reply(to, $"Round {round}.")),
            ]);

            answers.ShouldAllBe(answer => answer.Status == 201 || answer.Status == 409);
            answers[^1].ShouldBe(201);
        }

        foreach (var thread in (Guid[])[one.Id, two.Id])
        {
            var numbers = await forum.Database.ColumnAsync<int>(
                "select number from forum.posts where thread_id = $1 and to_version is null",
                thread
            );
            numbers.Distinct().Count().ShouldBe(numbers.Count);
            var shown = (await moderators[0].Get($"/api/threads/{thread}")).ShouldBe(200).Json;
            shown.GetProperty("postCount").GetInt32().ShouldBe(numbers.Count);
        }

        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from forum.posts where post_id = any($1) and to_version is null",
                posts.ToArray()
            )
        ).ShouldBe(posts.Count);
    }

    [Fact]
    public async Task what_was_written_in_a_thread_that_was_split_off_stands_in_the_way()
    {
        var moderator = forum.Moderator();
        var thread = await forum.NewThread();
        var reply = (await thread.Starter.Reply(thread.Id, "Another matter.")).ShouldBe(201).PostId;
        var split = (await moderator.Split(thread.Id, [reply])).ShouldBe(201);
        var splitOff = (await moderator.Get($"/api/posts/{reply}")).ShouldBe(200).ThreadId;
        var since = (await thread.Starter.Reply(splitOff, "Since.")).ShouldBe(201).PostId;

        var blocked = (await moderator.Undo(split.Id("batchId"))).ShouldBeProblem(409, "undo-blocked");

        blocked.Json.GetProperty("posts")[0].GetGuid().ShouldBe(since);
        (await moderator.MovePosts(thread.Id, [since])).ShouldBe(201);
        (await moderator.Undo(split.Id("batchId"))).ShouldBe(201);
        Posts((await moderator.Get($"/api/threads/{thread.Id}")).ShouldBe(200))
            .ShouldBe([thread.FirstPostId, reply, since]);
    }

    [Fact]
    public async Task what_a_member_wrote_is_removed_where_it_is_now()
    {
        var (moderator, author) = (forum.Moderator(), forum.Member());
        var (one, other) = (await forum.NewThread(), await forum.NewThread());
        var moved = (await author.Reply(one.Id, "Goes.")).ShouldBe(201).PostId;
        (await author.Reply(one.Id, "Stays.")).ShouldBe(201);
        (await moderator.MovePosts(other.Id, [moved])).ShouldBe(201);

        var removed = await moderator.Batch(
            new
            {
                kind = "remove-by-member",
                reason = "Spam.",
                memberId = await author.Id(),
                boardId = other.BoardId,
            }
        );

        removed.ShouldBe(201).Json.GetProperty("posts").GetInt32().ShouldBe(1);
        (await author.Get($"/api/posts/{moved}"))
            .ShouldBe(200)
            .Json.GetProperty("post")
            .GetProperty("state")
            .GetString()
            .ShouldBe("removed");
        (await moderator.Undo(removed.Id("batchId"))).ShouldBe(201);
    }

    private static IEnumerable<Guid> Posts(Answer page) =>
        page.Json.GetProperty("posts").EnumerateArray().Select(post => post.GetProperty("id").GetGuid());

    /// <summary>What a guest reads of a thread, without how often something happened in it.</summary>
    private async Task<string> StateAsync(Guid thread)
    {
        var page = (await forum.Stranger().Get($"/api/threads/{thread}")).ShouldBe(200).Json;
        return string.Join(
            '\n',
            page.EnumerateObject()
                .Where(one => one.Name is not ("version" or "permalink" or "viewers"))
                .Select(one => $"{one.Name}: {JsonSerializer.Serialize(one.Value)}")
        );
    }
}
