using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.RealInput;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>Mailing lists come in as threads, and nobody's address with them.</summary>
public sealed class MailboxesTests
{
    private const string Planted = "planted-address";

    /// <summary>Two threads; of the second, the first mail is missing, and of the first, one in between.</summary>
    private static readonly string[] Mails =
    [
        Mail("1", "Ann", "05 Feb 2001 10:00:00 +0000", "[tea] Which pot?", "Which pot is best for black tea?"),
        Mail(
            "2",
            null,
            "05 Feb 2001 11:00:00 +0000",
            "Re: [tea] Which pot?",
            $"Ann <{Planted}@example.org> wrote:\n> Which pot is best for black tea?\n\nThe brown one.",
            "1"
        ),
        Mail("4", "Ann", "05 Feb 2001 13:00:00 +0000", "Re: [tea] Which pot?", "Thanks.", "1", "2", "3"),
        Mail("5", "Bob", "06 Feb 2001 10:00:00 +0000", "Re: Milk first", "Never.", "0"),
        Mail("6", "Cid", "06 Feb 2001 11:00:00 +0000", "Re: Milk first", "Always.", "0"),
    ];

    [Fact]
    public async Task an_mbox_file_comes_in_as_threads_and_no_address_with_it()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var mbox = files.WriteLines(
            "list.mbox",
            [.. Mails.Select(mail => $"From {Planted}@example.org Mon Feb  5 10:00:00 2001\n{mail}")]
        );

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "mbox", mbox);

        printed.ShouldContain("read: 2 threads, 5 posts; 1 quotes refer to what they quote");
        (await database.ColumnAsync<string>("select title from forum.thread_headers order by title")).ShouldBe([
            "Milk first",
            "Which pot?",
        ]);
        (
            await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_member order by 1")
        ).Count.ShouldBe(5);
        (await database.TablesWithAsync(Planted)).ShouldBeEmpty();
        (await File.ReadAllTextAsync(mbox + ".defects.jsonl", TestContext.Current.CancellationToken)).ShouldNotContain(
            Planted
        );
        (await ForumProcess.CommandAsync(database, "import", "--from", "mbox", mbox)).ShouldContain(" 0 events added");
    }

    [Fact]
    public async Task a_maildir_and_a_packed_mbox_file_of_the_same_mails_are_the_same_threads()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var maildir = files.PathOf("list");
        foreach (var folder in (string[])["cur", "new", "tmp"])
        {
            Directory.CreateDirectory(Path.Combine(maildir, folder));
        }

        for (var i = 0; i < Mails.Length; i++)
        {
            await WriteAsync(Path.Combine(maildir, i < 2 ? "new" : "cur", $"{9 - i}.host:2,S"), Mails[i]);
        }

        await WriteAsync(
            Path.Combine(maildir, "cur", "draft.host:2,D"),
            Mail("7", "Ann", "07 Feb 2001 10:00:00 +0000", "No", "No.")
        );
        await WriteAsync(
            Path.Combine(maildir, "tmp", "half.host"),
            Mail("8", "Ann", "07 Feb 2001 10:00:00 +0000", "No", "No.")
        );
        await WriteAsync(Path.Combine(maildir, "index"), "3 V1 N1");
        var packed = files.PathOf("list.mbox.gz");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(gzip))
        {
            foreach (var mail in Mails)
            {
                await writer.WriteAsync($"From ann Mon Feb  5 10:00:00 2001\n{mail}\n");
            }
        }

        var first = await ForumProcess.CommandAsync(database, "import", "--from", "mbox", maildir);
        var second = await ForumProcess.CommandAsync(database, "import", "--from", "mbox", packed);

        first.ShouldContain("read: 2 threads, 5 posts");
        first.ShouldContain("2 no-mail");
        second.ShouldContain(" 0 events added, 5 were there already");
    }

    [Fact]
    public async Task what_would_come_in_is_said_without_storing_anything()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var mbox = files.WriteLines(
            "list.mbox",
            [.. Mails.Select(mail => $"From ann Mon Feb  5 10:00:00 2001\n{mail}")]
        );
        var lines = files.PathOf("lines");

        var printed = await ForumProcess.CommandAsync(
            database,
            ["import", "--from", "mbox", mbox, "--dry-run", "--keep-lines", lines]
        );

        printed.ShouldContain("nothing is stored");
        printed.ShouldContain("2 threads, 5 posts by 4 people, in 1 boards");
        printed.ShouldContain("1 address");
        (await database.ScalarAsync<bool>("select to_regclass('forum.mt_events') is null")).ShouldBeTrue();
        var posts = Path.Combine(lines, "posts-001.jsonl");
        File.ReadLines(posts).Count().ShouldBe(5);
        (await ForumProcess.CommandAsync(database, "import", posts, "--dry-run")).ShouldContain("2 threads, 5 posts");
        (
            await ForumProcess.RefusedAsync(database, "import", "--from", "mbox", mbox, "--keep-lines", lines)
        ).ShouldContain("is not empty");
    }

    [Theory]
    [InlineData("mbox", "{\"source\":\"s\"}\n{\"source\":\"s\"}", "is no mail.")]
    [InlineData("mbox", "", "is no mail.")]
    [InlineData(
        "newsgroup",
        "From ann",
        "There is no source newsgroup: name mbox, stackexchange, discourse, phpbb, nodebb with --from."
    )]
    public async Task a_file_that_is_something_else_is_refused(string kind, string text, string why)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var file = files.PathOf("file");
        await WriteAsync(file, text);

        (await ForumProcess.RefusedAsync(database, "import", "--from", kind, file)).ShouldContain(why);
    }

    [Fact]
    public async Task a_later_copy_of_a_list_brings_what_is_new()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var all = Mails.Select(mail => $"From ann Mon Feb  5 10:00:00 2001\n{mail}").ToArray();

        await ForumProcess.CommandAsync(database, "import", "--from", "mbox", files.WriteLines("january", all[..2]));
        var printed = await ForumProcess.CommandAsync(
            database,
            ["import", "--from", "mbox", files.WriteLines("february", all)]
        );

        printed.ShouldContain("read: 2 threads, 5 posts");
        printed.ShouldContain("2 were there already");
        (
            await database.ScalarAsync<long>(
                "select count(*) from forum.mt_events where type in ('thread_started', 'reply_posted')"
            )
        ).ShouldBe(5);
    }

    [Fact]
    public async Task real_articles_come_in_as_mail_like_their_lines_do()
    {
        var lines = File.ReadLines(RealData.Require("newsgroups-threads.jsonl"))
            .Select(line => JsonElement.Parse(line))
            .ToList();
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var mbox = files.WriteLines(
            "articles.mbox",
            [
                .. lines.Select(line =>
                {
                    var (post, thread) = (Text(line, "post")!, Text(line, "thread")!);
                    var answered = Text(line, "parent") ?? first.GetValueOrDefault(thread);
                    first.TryAdd(thread, post);
                    var body = Text(line, "body")!.Replace("\nFrom ", "\n>From ", StringComparison.Ordinal);
                    return $"From x Mon Feb  5 10:00:00 2001\nFrom: <{Convert.ToHexString(Encoding.UTF8.GetBytes(Text(line, "author")!))}@example.org>\n"
                        + $"Message-ID: <{post}@example.org>\n{(answered is null ? "" : $"In-Reply-To: <{answered}@example.org>\n")}"
                        + $"Date: {DateTimeOffset.Parse(Text(line, "posted_at")!, CultureInfo.InvariantCulture):R}\n"
                        + $"Newsgroups: {Text(line, "section")}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n";
                }),
            ]
        );

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "mbox", mbox);

        RealData.Report("import newsgroups-threads.jsonl as mail", $"{printed.Trim()}");
        printed.ShouldContain("read: 416 threads, 5,049 posts");
        (await database.ScalarAsync<long>("select count(*) from forum.posts where to_version is null")).ShouldBe(5_049);
    }

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Task WriteAsync(string path, string text) =>
        File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);

    private static string Mail(
        string id,
        string? name,
        string date,
        string subject,
        string body,
        params string[] references
    ) =>
        string.Join(
            '\n',
            $"From: {name} <{Planted}-{name ?? "nobody"}@example.org>",
            $"To: {Planted}@example.org",
            $"Received: from [192.0.2.1] ({Planted}) by mail; {date}",
            $"Message-ID: <{id}.{Planted}@example.org>",
            references.Length == 0
                ? "X-None: none"
                : $"References: {string.Join(' ', references.Select(reference => $"<{reference}.{Planted}@example.org>"))}",
            $"Date: {date}",
            $"Subject: {subject}",
            "List-Id: Tea drinkers <tea.example.org>",
            "",
            body,
            ""
        );
}
