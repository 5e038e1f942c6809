using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>A dump of a NodeBB comes in with its edits; what guests may not read, and all addresses, stay out.</summary>
public sealed class NodeBbTests
{
    private const string Planted = "planted-address";

    private static readonly string Dump = $$$"""
        --
        -- PostgreSQL database dump
        --

        COPY public.legacy_hash (_key, data, type) FROM stdin;
        category:1	{"cid": 1, "name": "Tea"}	hash
        category:2	{"cid": 2, "name": "Staff"}	hash
        diff:11.981180000000	{"pid": 11, "uid": 2, "patch": "Index: \\n===\\n--- \\n+++ \\n@@ -1,1 +1,1 @@\\n-Which pot is best?\\n\\\\ No newline at end of file\\n+Which pot?\\n\\\\ No newline at end of file\\n", "title": "Pot"}	hash
        post:11	{"pid": 11, "tid": 5, "uid": 1, "content": "Which pot is best?", "timestamp": 981173106000, "edited": 981180000000, "editor": 2, "ip": "{{{Planted}}}"}	hash
        post:12	{"pid": 12, "tid": 5, "uid": 2, "content": "The brown one.", "timestamp": 981173206000, "toPid": "11", "upvotes": 2}	hash
        post:13	{"pid": 13, "tid": 5, "uid": 0, "handle": "Passer-by", "content": "Spam", "timestamp": 981173306000, "deleted": 1, "deleterUid": 2}	hash
        post:14	{"pid": 14, "tid": 6, "uid": 2, "content": "For staff", "timestamp": 981173306000}	hash
        message:9	{"content": "For you alone"}	hash
        topic:5	{"tid": 5, "cid": 1, "uid": 1, "title": "Which pot", "timestamp": 981173106000, "locked": 1, "pinned": 0}	hash
        topic:6	{"tid": 6, "cid": 2, "uid": 2, "title": "Of staff", "timestamp": 981173306000}	hash
        topicEvent:1	{"id": 1, "type": "lock", "uid": 2}	hash
        user:1	{"uid": 1, "username": "ann", "email": "{{{Planted}}}@example.org", "password": "{{{Planted}}}"}	hash
        user:2	{"uid": 2, "username": "bob", "email": "{{{Planted}}}@example.org"}	hash
        \.

        COPY public.legacy_zset (_key, value, score, type) FROM stdin;
        group:cid:1:privileges:groups:topics:read:members	guests	1	zset
        group:cid:2:privileges:groups:topics:read:members	administrators	1	zset
        ip:recent	{{{Planted}}}	1	zset
        topic:5:events	1	981190000000	zset
        \.
        """;

    [Fact]
    public async Task a_dump_comes_in_with_its_edits_and_without_what_guests_may_not_read()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var dump = files.WriteLines("nodebb.sql", Dump.Split('\n'));

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "nodebb", dump);

        printed.ShouldContain("read: 1 threads, 3 posts");
        printed.ShouldContain("defects: 1 left-out;");
        (await database.SaidAsync()).ShouldBe([
            "thread_started: Pot; Which pot?",
            "reply_posted: The brown one.",
            "reply_posted: Spam",
            "post_removed: Deleted.",
            "post_edited: Which pot is best?",
            "thread_renamed: Which pot",
            "thread_locked: Closed.",
        ]);
        await database.HoldsNoneOfAsync(Planted, "For you alone", "For staff");

        (await ForumProcess.CommandAsync(database, "import", "--from", "nodebb", dump)).ShouldContain(
            " 0 events added"
        );
    }

    [Fact]
    public async Task a_dump_of_something_else_is_refused()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();

        (
            await ForumProcess.RefusedAsync(
                database,
                "import",
                "--from",
                "nodebb",
                files.WriteLines("a.sql", "-- a dump")
            )
        ).ShouldContain("is no dump of a NodeBB");
    }
}
