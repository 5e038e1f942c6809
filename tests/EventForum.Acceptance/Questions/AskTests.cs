using System.Runtime.CompilerServices;
using System.Text.Json;
using EventForum.Acceptance.Exchange;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Questions;

/// <summary>Questions are compiled and run as <c>make ask</c> does it, one after the other, on one forum.</summary>
public sealed class AskTests(AskTests.Forum forum) : IClassFixture<AskTests.Forum>
{
    [Fact]
    public async Task time_to_first_reply()
    {
        var boards = await AskAsync("time-to-first-reply");

        boards.Sum(row => row.GetProperty("threads").GetInt32()).ShouldBe(Forum.Threads + 1);
        boards.Sum(row => row.GetProperty("neverAnswered").GetInt32()).ShouldBe(1);
        boards
            .Where(row => row.GetProperty("board").GetString()!.StartsWith("Section ", StringComparison.Ordinal))
            .ShouldAllBe(row => Math.Abs(row.GetProperty("medianHours").GetDouble() - 1 / 60.0) < 0.0001);
    }

    [Fact]
    public async Task most_quoted()
    {
        var posts = await AskAsync("most-quoted");

        posts.Count.ShouldBe(50);
        posts[0].GetProperty("quotes").GetInt32().ShouldBe(2);
        posts[0].GetProperty("post").GetString().ShouldBe(Forum.Title + ", post 1");
        posts[0].GetProperty("author").GetString().ShouldBe(forum.Starter.Name);
        posts[1].GetProperty("quotes").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task who_edits_late()
    {
        var row = (await AskAsync("who-edits-late")).ShouldHaveSingleItem();

        row.GetProperty("member").GetString().ShouldBe(forum.Editor.Name);
        row.GetProperty("lateEdits").GetInt32().ShouldBe(1);
        row.GetProperty("ofOthers").GetInt32().ShouldBe(1);
        row.GetProperty("longestDays").GetDouble().ShouldBeGreaterThan(365);
    }

    [Fact]
    public async Task busiest_hours()
    {
        var hours = await AskAsync("busiest-hours", "--to", "2001-12-31");

        hours.Count.ShouldBe(24);
        hours.Sum(row => row.GetProperty("posts").GetInt32()).ShouldBe(Forum.Threads * Forum.Posts);
        hours[4].GetProperty("hour").GetString().ShouldBe("04");
        hours[4].GetProperty("posts").GetInt32().ShouldBe(Forum.Threads * Forum.Posts);
        // The first of these days is a Saturday.
        hours[4].GetProperty("saturday").GetInt32().ShouldBe(2 * Forum.Posts);
        hours[4].GetProperty("tuesday").GetInt32().ShouldBe(Forum.Posts);
    }

    [Fact]
    public async Task newcomers()
    {
        var month = (await AskAsync("newcomers"))[0];

        month.GetProperty("month").GetString().ShouldBe("2001-02");
        month.GetProperty("newcomers").GetInt32().ShouldBe(7);
        month.GetProperty("cameBack").GetInt32().ShouldBe(7);
        month.GetProperty("cameBackPercent").GetDouble().ShouldBe(100);
    }

    [Fact]
    public async Task a_question_that_tries_to_write_fails()
    {
        var before = await forum.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events");

        var (code, said) = await TryAsync(
            "tries-to-write.cs",
            """
            using Npgsql;
            var settings = Environment.GetEnvironmentVariables();
            Console.WriteLine($"EVENTFORUM_DB {(settings.Contains("EVENTFORUM_DB") ? "is there" : "is not there")}");
            await using var connection = new NpgsqlConnection((string)settings["EVENTFORUM_READ_DB"]!);
            await connection.OpenAsync();
            foreach (var sql in (string[])["delete from forum.mt_events", "set default_transaction_read_only = off", "set role none", "delete from forum.mt_events"])
            {
                try
                {
                    await using var command = new NpgsqlCommand(sql, connection);
                    Console.WriteLine($"{sql}: {await command.ExecuteNonQueryAsync()} rows");
                }
                catch (PostgresException e)
                {
                    Console.WriteLine($"{sql}: {e.MessageText}");
                }
            }

            return await Question.StartingWith(0).On<IPostWritten>((n, _) => n + 1).AnswerAsync(args, n => new[] { new { Posts = n } });
            """
        );

        code.ShouldBe(0, said);
        said.ShouldContain("EVENTFORUM_DB is not there");
        said.ShouldContain("delete from forum.mt_events: cannot execute DELETE in a read-only transaction");
        said.ShouldContain("set role none: -1 rows");
        said.ShouldContain("delete from forum.mt_events: permission denied for table mt_events");
        (await forum.Database.ScalarAsync<long>("select max(seq_id) from forum.mt_events")).ShouldBe(before);
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from pg_roles, pg_database d where datname = current_database() and starts_with(rolname, 'eventforum_question_' || d.oid)"
            )
        ).ShouldBe(0, "the role is gone");
    }

    [Fact]
    public async Task a_question_that_does_not_compile_is_said()
    {
        var (code, said) = await TryAsync("wrong.cs", "return await Question.Nothing();");

        code.ShouldBe(1);
        said.ShouldStartWith("The question does not compile:");
        said.ShouldContain("wrong.cs(1,");
    }

    [Fact]
    public async Task a_file_that_is_not_there_is_said()
    {
        var (code, said) = await ForumProcess.TryCommandAsync(forum.Database, "ask", "/nowhere/question.cs");

        code.ShouldBe(1);
        said.Trim().ShouldBe("There is no file /nowhere/question.cs. Name a question, as those in ops/questions.");
    }

    private async Task<IReadOnlyList<JsonElement>> AskAsync(string question, params string[] args)
    {
        var answer = await ForumProcess.CommandAsync(
            forum.Database,
            ["ask", Path.Combine(Folder(), question + ".cs"), .. args, "--json"]
        );
        return [.. JsonElement.Parse(answer).EnumerateArray()];
    }

    /// <summary>A question of a test's own, in a folder that has what the shipped ones have.</summary>
    private async Task<(int Code, string Said)> TryAsync(string name, string text)
    {
        // Inside the project, where the versions of its packages are found; the SDK keeps what it builds by the path.
        var folder = Directory.CreateDirectory(
            Path.Combine(AppContext.BaseDirectory, "questions", Path.GetFileNameWithoutExtension(name))
        );
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);
            foreach (var file in Directory.EnumerateFiles(Folder(), "Directory.Build.*"))
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder.FullName, Path.GetFileName(file)),
                    $"""<Project><Import Project="{file}" /></Project>"""
                );
            }

            return await ForumProcess.TryCommandAsync(forum.Database, "ask", Path.Combine(folder.FullName, name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../ops/questions"));

    /// <summary>A forum with discussions that were imported, and a thread of today.</summary>
    public sealed class Forum : IAsyncLifetime
    {
        public const int Threads = 10;
        public const int Posts = 12;
        public const string Title = "A thread of today";

        private ForumHost host = null!;

        public TestDatabase Database { get; private set; } = null!;

        public TestMember Starter { get; private set; } = null!;

        public TestMember Editor { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await TestDatabase.CreateAsync();
            using (var files = new DiscussionFile())
            {
                await ForumProcess.CommandAsync(Database, "import", files.Write("posts.jsonl", Threads, Posts));
            }

            host = await ForumHost.StartAsync(Database, ("Sample", "false"));
            (Starter, Editor) = (host.Member(), host.Moderator());
            var started = (await Starter.StartThread(await host.NewBoard(), Title, "Words to quote.")).ShouldBe(201);
            (await Starter.Quote(started.PostId, "One.")).ShouldBe(201);
            (await Starter.Quote(started.PostId, "Two.")).ShouldBe(201);
            var old = await Database.ScalarAsync<Guid>("select post_id from forum.posts order by posted_at limit 1");
            (await Editor.Edit(old, "Edited long after.", "Clearer.")).ShouldBe(200);
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
