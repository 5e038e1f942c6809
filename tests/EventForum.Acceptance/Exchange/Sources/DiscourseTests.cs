using System.Formats.Tar;
using System.IO.Compression;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>A backup of a Discourse comes in with its revisions; what only some may read, and all addresses, stay out.</summary>
public sealed class DiscourseTests
{
    private const string Planted = "planted-address";

    private static readonly string Dump = $"""
        --
        -- PostgreSQL database dump
        --

        COPY public.categories (id, name, read_restricted, parent_category_id) FROM stdin;
        1	Tea	f	\N
        2	Staff	t	\N
        3	Pots	f	1
        \.

        COPY public.email_tokens (id, email) FROM stdin;
        1	{Planted}@example.org
        \.

        COPY public.post_revisions (id, user_id, post_id, modifications, number, created_at, updated_at, hidden) FROM stdin;
        1	2	11	---\nraw:\n- Which pot?\n- Which pot is best?\ntitle:\n- Pot\n- Which pot\nedit_reason:\n- \n- Clearer.\n	2	2001-02-03 06:00:00	2001-02-03 06:00:00	f
        2	1	11	---\nraw:\n- Which pot is best?\n- My number is 5\n	3	2001-02-03 07:00:00	2001-02-03 07:00:00	t
        3	1	11	---\nraw:\n- My number is 5\n- Which pot is the best?\n	4	2001-02-03 08:00:00	2001-02-03 08:00:00	f
        \.

        COPY public.posts (id, user_id, topic_id, post_number, raw, created_at, updated_at, reply_to_post_number, deleted_at, deleted_by_id, post_type, action_code, hidden, hidden_at, version, edit_reason, last_editor_id, last_version_at, like_count) FROM stdin;
        11	1	5	1	Which pot is the best?	2001-02-03 04:05:06	2001-02-03 04:05:06	\N	\N	\N	1	\N	f	\N	4	\N	1	2001-02-03 08:00:00	0
        12	2	5	2	[quote="ann, post:1, topic:5"]\nWhich pot\n[/quote]\n\nThe brown one.	2001-02-03 05:05:06	2001-02-03 05:05:06	1	\N	\N	1	\N	f	\N	2	Spelling	2	2001-02-03 05:30:00	3
        13	2	5	3	A whisper	2001-02-03 05:06:06	2001-02-03 05:06:06	\N	\N	\N	4	\N	f	\N	1	\N	2	2001-02-03 05:06:06	0
        14	2	5	4		2001-02-03 09:00:00	2001-02-03 09:00:00	\N	\N	\N	3	autoclosed.enabled	f	\N	1	\N	2	2001-02-03 09:00:00	0
        15	1	5	5	Spam	2001-02-03 08:30:00	2001-02-03 08:30:00	\N	2001-02-03 08:40:00	2	1	\N	f	\N	1	\N	1	2001-02-03 08:30:00	0
        16	1	6	1	For you alone	2001-02-03 04:05:06	2001-02-03 04:05:06	\N	\N	\N	1	\N	f	\N	1	\N	1	2001-02-03 04:05:06	0
        17	2	7	1	For staff	2001-02-03 04:05:06	2001-02-03 04:05:06	\N	\N	\N	1	\N	f	\N	1	\N	1	2001-02-03 04:05:06	0
        \.

        COPY public.topics (id, title, category_id, archetype, deleted_at, deleted_by_id) FROM stdin;
        5	Which pot	3	regular	\N	\N
        6	A message	\N	private_message	\N	\N
        7	Of staff	2	regular	\N	\N
        \.

        COPY public.users (id, username, name, password_hash, ip_address, email) FROM stdin;
        1	ann	Ann	{Planted}	{Planted}	{Planted}
        2	bob	Bob	{Planted}	{Planted}	{Planted}
        \.
        """;

    [Fact]
    public async Task a_backup_comes_in_with_its_revisions_and_without_what_is_not_public()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var backup = files.PathOf("forum-2001.sql.gz");
        await using (var gzip = new GZipStream(File.Create(backup), CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(gzip))
        {
            await writer.WriteAsync(Dump);
        }

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "discourse", backup);

        printed.ShouldContain("read: 1 threads, 3 posts; 1 quotes refer to what they quote");
        printed.ShouldContain("3 left-out");
        (await database.SaidAsync()).ShouldBe([
            "thread_started: Pot; Which pot?",
            "reply_posted: ",
            "post_edited: The brown one.; Spelling",
            "post_edited: Which pot is best?; Clearer.",
            "thread_renamed: Which pot; Clearer.",
            "post_edited: Which pot is the best?",
            "reply_posted: Spam",
            "post_removed: Deleted.",
            "thread_locked: Closed.",
        ]);
        (await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_board")).ShouldBe(["Tea / Pots"]);
        await database.HoldsNoneOfAsync(Planted, "My number", "For you alone", "For staff", "A whisper");

        // As the administration page gives it out: the dump and the uploads, packed once more.
        var whole = files.PathOf("forum-2001.tar.gz");
        await using (var gzip = new GZipStream(File.Create(whole), CompressionLevel.Fastest))
        await using (var archive = new TarWriter(gzip))
        {
            var test = TestContext.Current.CancellationToken;
            await archive.WriteEntryAsync(files.WriteLines("pot.png", "no picture"), "uploads/default/pot.png", test);
            await archive.WriteEntryAsync(backup, "dump.sql.gz", test);
        }

        var again = await ForumProcess.CommandAsync(database, "import", "--from", "discourse", whole);

        again.ShouldContain("read: 1 threads, 3 posts; 1 quotes refer to what they quote");
        again.ShouldContain(" 0 events added");
    }

    [Fact]
    public async Task what_the_api_answers_is_the_same_topic()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        Directory.CreateDirectory(files.PathOf("posts"));
        files.WriteLines(
            "posts/5.json",
            """{"id":5,"title":"Which pot","category_id":3,"archetype":"regular","post_stream":{"posts":[{"id":11,"user_id":1,"username":"ann","topic_id":5,"post_number":1,"post_type":1,"raw":"Which pot is the best?","created_at":"2001-02-03T04:05:06.000Z","version":1}]}}"""
        );
        files.WriteLines(
            "posts/12.json",
            """{"id":12,"user_id":2,"username":"bob","topic_id":5,"topic_slug":"which-pot","post_number":2,"reply_to_post_number":1,"post_type":1,"cooked":"<p>The <b>brown</b> one.</p>","created_at":"2001-02-03T05:05:06.000Z","version":1}"""
        );
        files.WriteLines("posts/site.json", """{"category_list":{"categories":[{"id":3,"name":"Pots"}]}}""");
        files.WriteLines("posts/broken.json", "{");

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "discourse", files.PathOf("posts"));

        printed.ShouldContain("read: 1 threads, 2 posts");
        printed.ShouldContain("defects: 1 no-raw, 1 unreadable;");
        (
            await database.ColumnAsync<string>(
                "select data ->> 'body' from forum.mt_events where type in ('thread_started', 'reply_posted') order by version"
            )
        ).ShouldBe(["Which pot is the best?", "The brown one."]);
        (await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_board")).ShouldBe(["Pots"]);
    }

    [Theory]
    [InlineData("PGDMP and so on", "Make text of it first: pg_restore")]
    [InlineData("-- some dump", "is no dump of a Discourse")]
    [InlineData("COPY public.posts (id, raw) FROM stdin;\n1\tHalf", "it is not complete")]
    public async Task a_file_that_is_something_else_is_refused(string text, string why)
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (
            await ForumProcess.RefusedAsync(
                database,
                "import",
                "--from",
                "discourse",
                files.WriteLines("dump.sql", text.Split('\n'))
            )
        ).ShouldContain(why);
    }
}
