using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange.Sources;

/// <summary>A dump of a phpBB comes in from MySQL and from PostgreSQL; what guests may not read, and all addresses, stay out.</summary>
public sealed class PhpBbTests
{
    private const string Planted = "planted-address";

    private static readonly string MySql = $"""
        -- MySQL dump 10.13
        CREATE TABLE `my_users` (
          `user_id` int(10),
          `user_ip` varchar(40),
          `username` varchar(255),
          `user_password` varchar(255),
          `user_email` varchar(100),
          PRIMARY KEY (`user_id`)
        ) ENGINE=InnoDB;
        INSERT INTO `my_acl_groups` (`group_id`, `forum_id`, `auth_option_id`, `auth_role_id`, `auth_setting`) VALUES (9,1,7,0,1),(9,2,0,4,0),(9,3,7,0,0);
        INSERT INTO `my_acl_options` (`auth_option_id`, `auth_option`) VALUES (7,'f_read');
        INSERT INTO `my_acl_roles_data` (`role_id`, `auth_option_id`, `auth_setting`) VALUES (4,7,1);
        INSERT INTO `my_forums` (`forum_id`, `parent_id`, `forum_name`, `forum_password`) VALUES (1,0,'Tea &amp; pots',''),(2,0,'News',''),(3,0,'Staff',''),(4,0,'Club','{Planted}');
        INSERT INTO `my_groups` (`group_id`, `group_name`) VALUES (9,'GUESTS');
        INSERT INTO `my_log` (`log_id`, `user_id`, `log_ip`, `topic_id`, `post_id`, `log_time`, `log_operation`) VALUES (1,3,'{Planted}',21,0,981190000,'LOG_LOCK');
        INSERT INTO `my_posts` (`post_id`,`topic_id`,`forum_id`,`poster_id`,`poster_ip`,`post_time`,`post_username`,`post_visibility`,`post_text`,`bbcode_uid`,`post_edit_time`,`post_edit_reason`,`post_edit_user`,`post_edit_count`,`post_delete_time`,`post_delete_reason`,`post_delete_user`) VALUES
        (31,21,1,2,'{Planted}',981173106,'',1,'Which [b:u1]pot[/b:u1] is best?','u1',981180000,'Clearer',3,2,0,'',0),
        (32,21,1,1,'{Planted}',981173206,'u2',1,'<r><QUOTE author=\"Ann\"><s>[quote=Ann post_id=31 time=981173106 user_id=2]</s>is best?<e>[/quote]</e></QUOTE>\nIt\'s the brown one.</r>','',0,'',0,0,0,'',0),
        (33,21,1,3,'{Planted}',981173306,'',2,'<t>Spam</t>','',0,'',0,0,981174000,'Was spam',3),
        (34,21,1,3,'{Planted}',981173406,'',0,'<t>Unapproved</t>','',0,'',0,0,0,'',0),
        (35,22,3,3,'{Planted}',981173406,'',1,'<t>For staff</t>','',0,'',0,0,0,'',0),
        (36,23,2,3,'{Planted}',981173406,'',1,'<t>The news</t>','',0,'',0,0,0,'',0),
        (37,24,4,3,'{Planted}',981173406,'',1,'<t>For the club</t>','',0,'',0,0,0,'',0);
        INSERT INTO `my_topics` (`topic_id`,`forum_id`,`topic_title`,`topic_time`,`topic_status`,`topic_type`) VALUES (21,1,'Pots &amp; lids',981173106,1,0),(22,3,'Staff only',1,0,0),(23,2,'News!',1,0,1),(24,4,'Club',1,0,0);
        INSERT INTO `my_users` VALUES (1,'','Anonymous','',''),(2,'{Planted}','Ann','{Planted}','{Planted}@example.org'),(3,'{Planted}','Bob &lt;3','{Planted}','{Planted}@example.org');
        """;

    [Fact]
    public async Task a_dump_of_mysql_comes_in_as_bbcode_and_without_what_guests_may_not_read()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var dump = files.WriteLines("forum.sql", MySql.Split('\n'));

        var printed = await ForumProcess.CommandAsync(database, "import", "--from", "phpbb", dump);

        printed.ShouldContain("read: 2 threads, 4 posts; 1 quotes refer to what they quote");
        printed.ShouldContain("3 left-out");
        (
            await database.ColumnAsync<string>(
                "select type || ': ' || concat_ws('; ', data ->> 'title', data ->> 'body', data ->> 'reason') from forum.mt_events e where stream_id in (select stream_id from forum.mt_events where data ->> 'title' = 'Pots & lids') order by version"
            )
        ).ShouldBe([
            "thread_started: Pots & lids; ",
            "reply_posted: It's the brown one.",
            "reply_posted: Spam",
            "post_removed: Was spam",
            "post_edited: Which [b]pot[/b] is best?; Clearer (the last of 2 edits)",
            "thread_locked: Closed.",
        ]);
        (await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_board order by 1")).ShouldBe([
            "News",
            "Tea & pots",
        ]);
        (await database.ColumnAsync<string>("select data ->> 'name' from forum.mt_doc_member order by 1")).ShouldBe([
            "Ann",
            "Bob <3",
            "phpbb",
            "u2",
        ]);
        await database.HoldsNoneOfAsync(Planted, "Unapproved", "For staff", "For the club");

        (await ForumProcess.CommandAsync(database, "import", "--from", "phpbb", dump)).ShouldContain(" 0 events added");
    }

    [Fact]
    public async Task a_dump_of_postgresql_comes_in_too()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var dump = files.WriteLines(
            "forum.sql",
            "COPY public.phpbb_posts (post_id, topic_id, poster_id, post_time, post_approved, post_text, bbcode_uid, post_edit_time) FROM stdin;",
            "31\t21\t2\t981173106\t1\tOne\\nline &amp; another\tu1\t0",
            "\\.",
            "COPY public.phpbb_topics (topic_id, forum_id, topic_title, topic_status, topic_type) FROM stdin;",
            "21\t1\tPots\t0\t0",
            "\\.",
            "COPY public.phpbb_users (user_id, username, user_email) FROM stdin;",
            $"2\tAnn\t{Planted}@example.org",
            "\\."
        );

        (await ForumProcess.CommandAsync(database, "import", "--from", "phpbb", dump)).ShouldContain(
            "1 threads, 1 posts"
        );

        (
            await database.ScalarAsync<string>(
                "select data ->> 'body' from forum.mt_events where type = 'thread_started'"
            )
        ).ShouldBe("One\nline & another");
        (await database.TablesWithAsync(Planted)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_dump_in_latin_1_is_refused_with_the_line()
    {
        using var files = new DiscussionFile();
        await using var database = await TestDatabase.CreateAsync();
        var dump = files.PathOf("forum.sql");
        await File.WriteAllTextAsync(
            dump,
            MySql.Replace("Which [b", "\u00c0 [b", StringComparison.Ordinal),
            System.Text.Encoding.Latin1,
            TestContext.Current.CancellationToken
        );

        (await ForumProcess.RefusedAsync(database, "import", "--from", "phpbb", dump)).ShouldContain(
            "Line 17 of forum.sql is not UTF-8."
        );
        (await database.ScalarAsync<long>("select count(*) from forum.mt_events")).ShouldBe(0);
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
                "phpbb",
                files.WriteLines("a.sql", "-- a dump")
            )
        ).ShouldContain("is no dump of a phpBB 3");
    }
}
