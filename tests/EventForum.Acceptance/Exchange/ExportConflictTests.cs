using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange;

/// <summary>An export that comes to another forum than it left changes nothing that is there, and what stays out is told.</summary>
public sealed class ExportConflictTests
{
    [Fact]
    public async Task a_stream_that_went_another_way_is_left_alone()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        var thread = await forum.NewThread();
        await ForumProcess.CommandAsync(original, "export", export);
        await ForumProcess.CommandAsync(copy, "import", export);
        await using var second = await ForumHost.StartAsync(copy);
        (await thread.Starter.At(second).Reply(thread.Id, "Only here.")).ShouldBe(201);
        await thread.Starter.Reply(thread.Id, "Only there.");
        await thread.Starter.Reply(thread.Id, "After it.");
        await ForumProcess.CommandAsync(original, "export", export);

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("2 conflict");

        (await copy.RepliesAsync(thread.Id)).ShouldBe(["Only here."]);
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var told = DiscussionFile.Defects(export + ".defects.jsonl");
        told.ShouldAllBe(defect =>
            lines[defect.GetProperty("line").GetInt32() - 1].Contains(defect.GetProperty("original").GetString()!)
        );
        told[1].GetProperty("detail").GetString().ShouldBe("What comes before it is left out.");
    }

    [Fact]
    public async Task what_follows_an_event_that_was_changed_in_the_file_is_left_out()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var copy = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        var thread = await forum.NewThread();
        var elsewhere = await forum.NewThread("Another thread.");
        var reply = (await thread.Starter.Reply(thread.Id, "A reply.")).ShouldBe(201).PostId;
        await ForumProcess.CommandAsync(original, "export", export);
        await ForumProcess.CommandAsync(copy, "import", export);
        (await thread.Starter.Edit(reply, "Forged words.")).ShouldBe(200);
        await ForumProcess.CommandAsync(original, "export", export);
        var text = await File.ReadAllTextAsync(export, TestContext.Current.CancellationToken);
        var forged = Guid.CreateVersion7().ToString();
        await File.WriteAllTextAsync(
            export,
            text.Replace(reply.ToString(), forged, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("1 changed, 1 conflict");
        (await copy.CountEventsAsync(thread.Id)).ShouldBe(2);

        await File.WriteAllTextAsync(
            export,
            text.Replace(reply.ToString(), elsewhere.FirstPostId.ToString(), StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (await ForumProcess.RefusedAsync(copy, "import", export)).ShouldContain("is that of line");
    }

    [Fact]
    public async Task an_event_whose_words_were_changed_in_the_file_is_told()
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(database);
        var thread = await forum.NewThread();
        await thread.Starter.Reply(thread.Id, "As it was said.");
        await ForumProcess.CommandAsync(database, "export", export);
        var text = await File.ReadAllTextAsync(export, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            export,
            text.Replace("As it was said.", "As nobody said it.", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await ForumProcess.CommandAsync(database, "import", export)).ShouldContain("defects: 1 changed;");

        DiscussionFile
            .Defects(export + ".defects.jsonl")
            .ShouldHaveSingleItem()
            .GetProperty("original")
            .GetString()
            .ShouldNotBeNull()
            .ShouldContain("As nobody said it.");
        (await database.RepliesAsync(thread.Id)).ShouldBe(["As it was said."]);
    }

    [Fact]
    public async Task names_that_others_have_are_told_before_anything_is_stored()
    {
        const string Ids = "select id from forum.mt_events";
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using var forum = await ForumHost.StartAsync(original);
        await using var second = await ForumHost.StartAsync(other);
        var thread = await forum.NewThread();
        var elsewhere = await second.NewThread();
        (await thread.Starter.At(second).Reply(elsewhere.Id, "I am here, too.")).ShouldBe(201);
        (await forum.Admin().CreateBoard("A board of each")).ShouldBe(201);
        (await second.Admin().CreateBoard("A board of each")).ShouldBe(201);
        await ForumProcess.CommandAsync(original, "export", export);

        var told = await ForumProcess.RefusedAsync(other, "import", export);

        told.ShouldContain("names of its members and boards are others' here");
        told.ShouldContain("Import it into a forum that has none of these");
        (await other.ColumnAsync<Guid>(Ids)).Intersect(await original.ColumnAsync<Guid>(Ids)).ShouldBeEmpty();
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var defects = DiscussionFile.Defects(export + ".defects.jsonl");
        defects.ShouldAllBe(defect => defect.GetProperty("kind").GetString() == "conflict");
        defects.ShouldAllBe(defect =>
            lines[defect.GetProperty("line").GetInt32() - 1].Contains(defect.GetProperty("original").GetString()!)
        );
        var details = string.Join('\n', defects.Select(defect => defect.GetProperty("detail").GetString()));
        details.ShouldContain($"The name {thread.Starter.Name} is another member's here.");
        details.ShouldContain("The name A board of each is another board's here.");
    }

    [Theory]
    [InlineData("--thread", "Name a thread by its id.")]
    [InlineData("--board", "Name a board by its id.")]
    public async Task what_is_no_id_is_refused_with_a_sentence(string flag, string sentence)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (await ForumProcess.RefusedAsync(database, "export", files.PathOf("export.jsonl"), flag, "xyz")).ShouldBe(
            sentence
        );
    }

    [Theory]
    [InlineData("\"actor\":\"", "\"actor\":\"nobody ")]
    [InlineData("\"data\":{", "\"data\":null,\"was\":{")]
    [InlineData("\"time\":\"2", "\"time\":\"3")]
    [InlineData("\"stream\":{", "\"thread\":{")]
    [InlineData("\"number\":2", "\"number\":\"two\"")]
    [InlineData("\"number\":2", "\"number\":2,\"number\":2")]
    public async Task an_export_with_a_broken_line_is_refused_before_anything_is_stored(string whole, string broken)
    {
        using var files = new DiscussionFile();
        var export = files.PathOf("export.jsonl");
        await using var original = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await using (var forum = await ForumHost.StartAsync(original))
        {
            var thread = await forum.NewThread();
            await forum.Member().Reply(thread.Id, "The last line.");
        }

        await ForumProcess.CommandAsync(original, "export", export);
        var lines = await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken);
        var last = Array.FindLastIndex(lines, line => line.Contains(whole, StringComparison.Ordinal));
        lines[last] = lines[last].Replace(whole, broken, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(export, lines, TestContext.Current.CancellationToken);

        (await ForumProcess.RefusedAsync(other, "import", export)).ShouldStartWith(
            $"This file cannot be imported: Line {last + 1}:"
        );
        (await other.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
    }
}
