using EventForum.Acceptance.Exchange;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Members;

/// <summary>Members whom today's rules for names would refuse stay members, and their names are theirs alone.</summary>
public sealed class NameSkeletonsTests
{
    private const string Cyrillic = "\u0430lice";
    private static readonly string Long = new('x', 60);

    [Fact]
    public async Task members_with_names_of_older_rules_live_on_and_nobody_else_gets_a_name_that_looks_like_theirs()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        Guid thread;
        await using (var old = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            thread = (await old.NewThread()).Id;
            foreach (var name in (string[])["one", "two", "three"])
            {
                (await old.As(name, "member").Reply(thread, $"By {name}.")).ShouldBe(201);
            }
        }

        await CallAsync(database, "one", "alice");
        await CallAsync(database, "two", Cyrillic);
        await CallAsync(database, "three", Long);
        await database.ExecuteAsync("drop table forum.name_skeletons");

        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            foreach (var (subject, name) in ((string, string)[])[("one", "alice"), ("two", Cyrillic), ("three", Long)])
            {
                (await forum.As(subject, "member").Reply(thread, "Still here.")).ShouldBe(201);
                (await forum.As(subject, "admin").CreateBoard($"Board of {subject}")).ShouldBe(201);
                var found = await forum
                    .Stranger()
                    .Get($"/api/members?name={Uri.EscapeDataString(name.ToUpperInvariant())}");
                found
                    .ShouldBe(200)
                    .Json.EnumerateArray()
                    .ShouldHaveSingleItem()
                    .GetProperty("name")
                    .GetString()
                    .ShouldBe(name);
            }

            (await forum.As("Alice").Reply(thread, "Me?")).ShouldBeProblem(409, "name-taken");
            (await forum.As("a1ice", "admin").CreateBoard("Mine")).ShouldBeProblem(409, "name-taken");
            (await forum.As("malice").Reply(thread, "Me.")).ShouldBe(201);
            (await forum.As("malice").Reply(thread, $"[quote={Cyrillic}]By two.[/quote]")).ShouldBe(201);
            var posts = (await forum.Stranger().Get($"/api/threads/{thread}")).ShouldBe(200).Json.GetProperty("posts");
            posts[posts.GetArrayLength() - 1]
                .GetProperty("html")
                .GetString()
                .ShouldNotBeNull()
                .ShouldContain($"<bdi>{Cyrillic}</bdi> wrote in #3");
            (await forum.Stranger().Get($"/api/threads/{thread}?without={Uri.EscapeDataString($"member:{Cyrillic}")}"))
                .ShouldBe(200)
                .Json.GetProperty("whatIf")
                .GetProperty("leftOutPosts")
                .GetInt32()
                .ShouldBe(2);
            projections = await ReadModels.CatchUpAsync(forum);
        }

        var export = files.PathOf("export.jsonl");
        await ForumProcess.CommandAsync(database, "export", export);
        await using var copy = await TestDatabase.CreateAsync();
        (await ForumProcess.CommandAsync(copy, "import", export)).ShouldContain("no defects");
        (await SkeletonsAsync(copy)).ShouldBe(await SkeletonsAsync(database));
        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task skeletons_of_another_version_are_made_anew()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var old = await ForumHost.StartAsync(database, ("Sample", "false")))
        {
            await old.NewThread();
        }

        var skeletons = await SkeletonsAsync(database);
        skeletons.ShouldNotBeEmpty();
        await database.ExecuteAsync("truncate forum.name_skeletons");
        await database.ExecuteAsync("insert into forum.name_skeletons values ('as they were')");
        await database.ExecuteAsync("comment on table forum.name_skeletons is 'Unicode 1.0'");

        await using var forum = await ForumHost.StartAsync(database, ("Sample", "false"));

        (await SkeletonsAsync(database)).ShouldBe(skeletons);
    }

    /// <summary>As if the member had registered with the name when that was allowed.</summary>
    private static async Task CallAsync(TestDatabase database, string subject, string name)
    {
        await database.ExecuteAsync(
            "update forum.mt_events set data = jsonb_set(data, '{name}', to_jsonb($2)) where data ->> 'subject' = 'eventforum#' || $1",
            subject,
            name
        );
        await database.ExecuteAsync(
            """
            update forum.mt_doc_member set name_key = $2, data = data || jsonb_build_object('name', $2, 'nameKey', $2)
             where subject = 'eventforum#' || $1
            """,
            subject,
            name
        );
    }

    private static Task<IReadOnlyList<string>> SkeletonsAsync(TestDatabase database) =>
        database.ColumnAsync<string>("select skeleton from forum.name_skeletons order by 1");
}
