using EventForum.Acceptance.Exchange;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;

namespace EventForum.Acceptance.Erasure;

public sealed class EraseMemberTests
{
    [Fact]
    public async Task nobody_is_called_like_somebody_whom_an_import_brought_and_all_of_them_can_be_erased()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        using var files = new DiscussionFile();
        var line = DiscussionFile
            .Post("1", "Words.", "04:05:06")
            .Replace("Ann", "erased member 1", StringComparison.Ordinal);
        await ForumProcess.CommandAsync(forum.Database, "import", files.WriteLines("posts.jsonl", line));
        var imported = await forum.Database.ScalarAsync<Guid>(
            "select id from forum.mt_doc_member where data ->> 'name' = 'erased member 1'"
        );
        var (admin, member) = (forum.Admin(), forum.Member());
        var thread = await forum.NewThread();
        (await member.Reply(thread.Id, "Before.")).ShouldBe(201);
        var id = await member.Id();

        (await admin.Erase(id, member.Name, "name"))
            .ShouldBe(200)
            .Json.GetProperty("name")
            .GetString()
            .ShouldBe("erased member 2");

        // Who comes back is somebody new at once.
        (await member.Reply(thread.Id, "After.")).ShouldBe(201);
        (await member.Id()).ShouldNotBe(id);
        (await admin.Erase(imported, "erased member 1", "name"))
            .ShouldBe(200)
            .Json.GetProperty("name")
            .GetString()
            .ShouldBe("erased member 3");
        (await admin.Erase(imported, "erased member 3", "name")).ShouldBeProblem(409, "already-erased");
    }

    [Fact]
    public async Task an_erased_person_is_in_no_table_no_export_and_no_answer_and_the_log_still_verifies()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var files = new DiscussionFile();
        var before = files.PathOf("before.jsonl");
        PersonalHistory history;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            history = await PersonalHistory.WriteAsync(forum);
            (await history.Person.Get($"/threads/{history.Thread}")).ShouldBe(200).Text.ShouldContain(history.Word);
            await ReadModels.CatchUpAsync(forum);
            await database.LogsEverythingAsync();
        }

        var (name, word, admin, thread) = (history.Person.Name, history.Word, history.Admin, history.Thread);
        // A version of a view that another one took over from, and what a broken rebuild left.
        await database.ExecuteAsync($"create table forum.view_edit_churn_v0 as select '{word}'::text as word");
        await database.ExecuteAsync($"create table forum.view_activity_v1_aside as select '{word}'::text as word");
        await database.ExecuteAsync(
            "insert into forum.views (view, name, version) values ('edit-churn.v0', 'edit-churn', 0)"
        );
        await ForumProcess.CommandAsync(database, "export", before);
        (await database.TablesWithAsync(word)).Count.ShouldBeGreaterThan(5);
        (await database.TablesWithAsync(name)).Count.ShouldBeGreaterThan(1);

        var (refused, asked) = await ForumProcess.TryCommandAsync(
            database,
            "erase",
            name,
            "--by",
            admin.Name,
            "--words"
        );
        (refused, asked.Contains("--reason", StringComparison.Ordinal)).ShouldBe((1, true), asked);
        var said = await ForumProcess.CommandAsync(
            database,
            "erase",
            name,
            "--by",
            admin.Name,
            "--reason",
            "Asked for it.",
            "--words",
            "--yes"
        );

        said.ShouldContain("erased member 1");
        await NothingIsLeftAsync();
        await using (var forum = await ForumHost.StartAsync(database))
        {
            var reader = forum.As(admin.Name, "member", "admin");
            var page = (await reader.Get($"/api/threads/{thread}")).ShouldBe(200).Json;
            page.GetProperty("title").GetString().ShouldBe("Erased title");
            page.GetProperty("starter").GetProperty("name").GetString().ShouldBe("erased member 1");
            page.GetProperty("posts")[0].GetProperty("redacted").GetBoolean().ShouldBeTrue();
            page.GetProperty("posts")[1].GetProperty("body").GetString()!.ShouldContain("Not mine.");
            page.GetProperty("posts")[1].GetProperty("quotes")[0].GetProperty("state").GetString().ShouldBe("erased");
            (await reader.Get($"/api/audit/members/{history.PersonId}"))
                .ShouldBe(200)
                .Text.ShouldContain("member_erased");
            await database.LogsEverythingAsync();
            (await database.VerifyAsync(forum.Key().Verifier)).Flaws.ShouldBeEmpty();
            // Who comes back is somebody new.
            (await forum.As(name).Reply(thread, "Here again.")).ShouldBeProblem(409);
        }

        (await ForumProcess.TryCommandAsync(database, "import", before)).Said.ShouldContain("0 events added");
        await NothingIsLeftAsync();
        var after = files.PathOf("after.jsonl");
        await ForumProcess.CommandAsync(database, "export", after);
        var exported = await File.ReadAllTextAsync(after, TestContext.Current.CancellationToken);
        exported.ShouldNotContain(word);
        exported.ShouldNotContain(name);
        await using var empty = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(empty, "import", after);

        async Task NothingIsLeftAsync()
        {
            (await database.TablesWithAsync(word)).ShouldBeEmpty();
            (await database.TablesWithAsync(name)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task whose_name_is_erased_keeps_the_words_until_these_are_erased_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        var name = ForumServer.NewName("person");
        Guid thread;
        string admin;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            admin = forum.Admin().Name;
            var board = await forum.NewBoard();
            (await forum.As(admin, "member", "admin").StartThread(board, "Another one", "Text.")).ShouldBe(201);
            thread = (await forum.As(name).StartThread(board, "A title", "Words that stay.")).ShouldBe(201).ThreadId;
        }

        await ForumProcess.CommandAsync(database, "erase", name, "--by", admin, "--reason", "Asked for it.", "--yes");

        (await database.TablesWithAsync(name)).ShouldBeEmpty();
        var page = await PageAsync();
        page.GetProperty("title").GetString().ShouldBe("A title");
        page.GetProperty("posts")[0].GetProperty("body").GetString().ShouldBe("Words that stay.");
        page.GetProperty("posts")[0].GetProperty("author").GetProperty("name").GetString().ShouldBe("erased member 1");
        await ForumProcess.CommandAsync(
            database,
            "erase",
            "erased member 1",
            "--by",
            admin,
            "--reason",
            "Asked for more.",
            "--words",
            "--yes"
        );
        page = await PageAsync();
        page.GetProperty("title").GetString().ShouldBe("Erased title");
        page.GetProperty("posts")[0].GetProperty("redacted").GetBoolean().ShouldBeTrue();
        page.GetProperty("posts")[0].GetProperty("author").GetProperty("name").GetString().ShouldBe("erased member 1");

        async Task<System.Text.Json.JsonElement> PageAsync()
        {
            await using var again = await ForumHost.StartAsync(database);
            return (await again.Stranger().Get($"/api/threads/{thread}")).ShouldBe(200).Json;
        }
    }
}
