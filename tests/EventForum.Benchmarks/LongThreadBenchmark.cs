namespace EventForum.Benchmarks;

/// <summary>A reply in a very long thread against one in a thread of ten posts.</summary>
internal static class LongThreadBenchmark
{
    private const int Posts = 100_000;
    private const int Writers = 8;

    // Copies of a reply that the forum has stored itself, so that every column is as the forum writes it.
    private const string Lengthen = """
        insert into forum.mt_events
        select copy.*
          from forum.mt_events reply
         cross join generate_series(3, $2) n
         cross join lateral jsonb_populate_record(reply, jsonb_build_object(
                   'seq_id', nextval('forum.mt_events_sequence'), 'id', md5($1::text || n)::uuid, 'version', n,
                   'data', reply.data || jsonb_build_object('postId', md5($1::text || n)::uuid, 'number', n))) copy
         where reply.stream_id = $1 and reply.version = 2;

        insert into forum.posts
        select copy.*
          from forum.posts post
         cross join generate_series(3, $2) n
         cross join lateral jsonb_populate_record(post, jsonb_build_object(
                   'number', n, 'from_version', n, 'post_id', md5($1::text || n)::uuid)) copy
         where post.thread_id = $1 and post.number = 2;

        update forum.mt_streams set version = $2 where id = $1;

        update forum.mt_doc_forumthread
           set mt_version = $2,
               data = data || jsonb_build_object('version', $2, 'lastNumber', $2)
         where id = $1;
        """;

    public static async Task RunAsync(Options options, Forum forum, Report report)
    {
        Report.Progress($"A thread of {Posts:N0} posts…");
        var thread = (await forum.ThreadsAsync(1))[0];
        await forum.ReplyAsync(thread);
        await forum.FillAsync(Lengthen, thread, Posts);
        await forum.CaughtUpAsync();

        // The short thread stays short: every repeat takes another.
        var shortThreads = await forum.ThreadsAsync(options.Repeats);
        foreach (var one in shortThreads)
        {
            for (var i = 1; i < 10; i++)
            {
                await forum.ReplyAsync(one);
            }
        }

        var inLong = forum.Writers(Writers, [thread]);
        var inShort = shortThreads.Select(one => forum.Writers(Writers, [one])).ToArray();
        await Load.RunAsync(inLong, options.WarmUp / 8);
        var result = await Load.CompareAsync(options, forum.Meter, _ => inLong, repeat => inShort[repeat]);
        report.Add($"replies after {Posts:N0} posts against after 10, {Writers} writers", result, "~1");

        // Too many to be remembered from one turn to the next.
        var pages = Enumerable.Range(1, Posts / 20).Select(page => $"/api/threads/{thread}?page={page}");
        var name = $"pages among {Posts / 20:N0}, 8 readers";
        await PageBenchmark.CompareAsync(options, forum, report, name, 8, [.. pages], target: "");
    }
}
