using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;

namespace EventForum.Acceptance.Erasure;

public sealed class ErasureTests
{
    [Fact]
    public async Task a_person_is_erased_beside_the_traffic_of_two_servers()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        await using (var second = await ForumHost.StartAsync(database))
        {
            var history = await PersonalHistory.WriteAsync(forum);
            var (admin, thread) = (history.Admin, history.Thread);
            var elsewhere = (
                await history.Person.StartThread(history.Board, "A place", $"More {history.Word}.")
            ).ShouldBe(201);
            var target = await forum.NewThread();
            (await admin.MovePosts(target.Id, [elsewhere.PostId])).ShouldBe(201);
            (await admin.Edit(elsewhere.PostId, $"Better: {history.Word}.", "Grammar.")).ShouldBe(200);
            await ReadModels.CatchUpAsync(forum);
            await database.LogsEverythingAsync();
            (string Path, TestMember Reader)[] reads =
            [
                ($"/api/threads/{thread}", admin),
                ($"/threads/{thread}", admin),
                ($"/api/threads/{thread}/events", admin),
                ($"/api/threads/{thread}/timeline", admin),
                ($"/api/threads/{target.Id}", admin),
                ($"/api/posts/{history.Post}/revisions", admin),
                ($"/api/boards/{history.Board}/threads", admin),
                ("/api/moderation/log", admin),
                ($"/api/members/{history.PersonId}", admin),
            ];
            var other = second.As(admin.Name, "member", "admin");
            foreach (var (path, _) in reads)
            {
                var text = (await admin.Get(path)).ShouldBe(200).Text + (await other.Get(path)).ShouldBe(200).Text;
                (
                    text.Contains(history.Word, StringComparison.Ordinal)
                    || text.Contains(history.Person.Name, StringComparison.Ordinal)
                ).ShouldBeTrue(path);
            }

            var plan = (await admin.Get($"/api/members/{history.PersonId}/erasure?scope=name-and-words"))
                .ShouldBe(200)
                .Json;
            await ForumProcess.CommandAsync(database, "token", "revoke", history.Person.Name, "--all");
            using var ended = new CancellationTokenSource();
            var traffic = WriteOnAsync(second.Member(), target.Id, ended.Token);

            var erased = (await admin.Erase(history.PersonId, history.Person.Name, "name-and-words"))
                .ShouldBe(200)
                .Json;

            await ended.CancelAsync();
            (await traffic).ShouldAllBe(status => status == 201);
            erased.GetProperty("name").GetString().ShouldBe(plan.GetProperty("becomes").GetString());
            erased.GetProperty("counts").GetRawText().ShouldBe(plan.GetProperty("counts").GetRawText());
            await ReadModels.CatchUpAsync(forum);
            await database.CompletesErasuresAsync();
            (await history.TablesAsync(database)).ShouldBeEmpty();
            await NoAnswerHasAsync(reads.Select(read => (read.Path, admin)), history.Word, history.Person.Name);
            await NoAnswerHasAsync(reads.Select(read => (read.Path, other)), history.Word, history.Person.Name);
            await database.LogsEverythingAsync();
            (await database.VerifyAsync(forum.Key().Verifier)).Flaws.ShouldBeEmpty();
            // Who comes back is somebody new.
            (await second.As(history.Person.Name).Reply(target.Id, "Here again.")).ShouldBe(201);
            projections = await ReadModels.CatchUpAsync(forum);
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task nobody_writes_as_the_erased_member_wherever_their_commands_are_just_then()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        await using var second = await ForumHost.StartAsync(database);
        var (admin, person) = (forum.Admin(), forum.Member());
        (await person.Reply((await forum.NewThread()).Id, "Words.")).ShouldBe(201);
        var id = await person.Id();
        var other = second.As(person.Name);
        // In threads that the erasure has nothing to do with.
        var writing = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async i => (i % 2 == 0 ? person : other, (await forum.NewThread()).Id))
        );
        using var ended = new CancellationTokenSource();
        var traffic = writing.Select(one => WriteOnAsync(one.Item1, one.Id, ended.Token)).ToList();

        var erased = (await admin.Erase(id, person.Name, "name-and-words")).ShouldBe(200).Json;

        await Patience.UntilAsync(async () => (await other.Reply(writing[0].Id, "Here again.")).Status == 201);
        await ended.CancelAsync();
        (await Task.WhenAll(traffic)).SelectMany(statuses => statuses).ShouldBeSubsetOf([201, 409]);
        (
            await database.ColumnAsync<long>(
                "select seq_id from forum.mt_events where user_name = $1 and seq_id > $2",
                $"{id}",
                erased.GetProperty("position").GetInt64()
            )
        ).ShouldBeEmpty();
        (await person.Id()).ShouldNotBe(id);
        (await other.Id()).ShouldBe(await person.Id());
    }

    [Fact]
    public async Task whatever_people_did_rows_are_what_their_events_say_without_them()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            await EventfulHistory.WriteAsync(forum);
            await ReadModels.CatchUpAsync(forum);
            var admin = forum.Admin();
            (await admin.CreateBoard("The admin's")).ShouldBe(201);
            // Those who did most, moderators among them.
            var people = await database.ColumnAsync<Guid>(
                "select user_name::uuid from forum.mt_events where user_name <> $1 group by 1 order by count(*) desc limit 5",
                $"{await admin.Id()}"
            );
            foreach (var (i, person) in people.Index())
            {
                var name = await database.ScalarAsync<string>(
                    "select data ->> 'name' from forum.mt_doc_member where id = $1",
                    person
                );
                (await admin.Erase(person, name, i == 1 ? "name" : "name-and-words")).ShouldBe(200);
                await database.CompletesErasuresAsync();
                (await database.TablesWithAsync(name)).ShouldBeEmpty();
            }

            projections = await ReadModels.CatchUpAsync(forum);
            await database.LogsEverythingAsync();
            (await database.VerifyAsync(forum.Key().Verifier)).Flaws.ShouldBeEmpty();
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task an_erasure_that_its_server_did_not_complete_is_completed_by_the_next_one()
    {
        await using var database = await TestDatabase.CreateAsync();
        PersonalHistory history;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            history = await PersonalHistory.WriteAsync(forum);
            await ReadModels.CatchUpAsync(forum);
            (await history.Admin.Erase(history.PersonId, history.Person.Name, "name-and-words")).ShouldBe(200);
            await database.CompletesErasuresAsync();
        }

        // As it is when the server is killed before.
        await database.ExecuteAsync(
            "update forum.erasures set completed_at = null, thread_ids = array[$1]",
            history.Thread
        );
        await database.ExecuteAsync("update forum.view_moderation_log_v2 set reason = $1", history.Word);
        await database.ExecuteAsync(
            "update forum.board_threads set title = $1 where thread_id = $2",
            history.Word,
            history.Thread
        );
        await using (var forum = await ForumHost.StartAsync(database))
        {
            await database.CompletesErasuresAsync();
            (await history.TablesAsync(database)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task only_an_admin_erases_another_member_and_only_by_its_name()
    {
        await using var forum = await ForumHost.StartAsync(await TestDatabase.CreateAsync());
        var (admin, person) = (forum.Admin(), forum.Member());
        var thread = (await person.StartThread(await forum.NewBoard(), "A title", "Words.")).ShouldBe(201);
        var id = await person.Id();
        await admin.Get("/api/me");
        var events = await forum.Database.ScalarAsync<long>("select count(*) from forum.mt_events");

        (await forum.Moderator().Erase(id, person.Name, "name")).ShouldBe(403);
        (await admin.Erase(id, "somebody", "name")).ShouldBeProblem(422, "name-not-confirmed");
        (await admin.Erase(id, person.Name, "everything")).ShouldBeProblem(422, "erasure-scope-unknown");
        (await admin.Erase(id, person.Name, "name", reason: "")).ShouldBeProblem(422, "reason-length");
        (await admin.Erase(Guid.CreateVersion7(), person.Name, "name")).ShouldBeProblem(404, "member-not-found");
        (await admin.Erase(await admin.Id(), admin.Name, "name")).ShouldBeProblem(403, "erases-oneself");
        (
            await forum.Database.ScalarAsync<string>(
                "select data ->> 'name' from forum.mt_doc_member where id = $1",
                id
            )
        ).ShouldBe(person.Name);

        var timeline = $"/api/threads/{thread.ThreadId}/timeline";
        (await person.Rename(thread.ThreadId, "Another title")).ShouldBe(200);
        (await admin.Get(timeline)).ShouldBe(200).Text.ShouldContain(person.Name);
        (await admin.Erase(id, person.Name, "name")).ShouldBe(200);
        await NoAnswerHasAsync([(timeline, admin)], person.Name);
        (await admin.Erase(id, "erased member 1", "name")).ShouldBeProblem(409, "already-erased");
        (await admin.Erase(id, "erased member 1", "name-and-words")).ShouldBe(200);
        (await admin.Erase(id, "erased member 1", "name-and-words")).ShouldBeProblem(409, "already-erased");
        var page = (await admin.Get($"/api/threads/{thread.ThreadId}")).ShouldBe(200).Json;
        page.GetProperty("title").GetString().ShouldBe("Erased title");
    }

    /// <summary>Somebody who replies until it ends, and what the answers were.</summary>
    private static async Task<IReadOnlyList<int>> WriteOnAsync(TestMember member, Guid thread, CancellationToken ended)
    {
        var statuses = new List<int>();
        while (!ended.IsCancellationRequested)
        {
            statuses.Add((await member.Reply(thread, "Meanwhile.")).Status);
        }

        return statuses;
    }

    /// <summary>A server may know members, and what it said of them, for a second more.</summary>
    private static async Task NoAnswerHasAsync(
        IEnumerable<(string Path, TestMember Reader)> reads,
        params string[] words
    )
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = Patience.Begin();
        foreach (var (path, reader) in reads)
        {
            while (
                (await reader.Get(path)).ShouldBe(200).Text is var text
                && words.Any(word => text.Contains(word, StringComparison.Ordinal))
            )
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
    }
}
