using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>A command that fails is logged without what was written, who wrote it proved, or how the database is reached.</summary>
public sealed class PrivateLogTests
{
    private const string Word = "xyzzyplugh";

    [Fact]
    public async Task a_save_that_fails_is_logged_without_bodies_titles_reasons_tokens_and_passwords()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var forum = await ForumProcess.StartAsync(
            database,
            ("EVENTFORUM_DB", database.ConnectionString + ";Password=opensesame"),
            ("Sample", "false"),
            ("Logging:LogLevel:Default", "Information")
        );
        var (thread, member, moderator) = (await forum.NewThread(), forum.Member(), forum.Moderator());
        (await member.Reply(thread.Id, "Before.")).ShouldBe(201);
        // PostgreSQL names the whole row in the details of this failure.
        await database.ExecuteAsync(
            $"alter table forum.mt_events add constraint no_word check (position('{Word}' in data::text) = 0)"
        );

        (await member.Reply(thread.Id, Word)).ShouldBeProblem(500);
        (await thread.Starter.StartThread(thread.BoardId, "About " + Word, "Text.")).ShouldBeProblem(500);
        (await moderator.Lock(thread.Id, Word)).ShouldBeProblem(500);
        (await thread.Starter.Edit(thread.FirstPostId, Word, Word)).ShouldBeProblem(500);
        (await forum.Admin().CreateBoard("About " + Word)).ShouldBeProblem(500);
        (await member.Reply(thread.Id, "After.")).ShouldBe(201);
        // What a batch cannot even load, and what a read cannot.
        await database.ExecuteAsync("alter table forum.mt_doc_forumthread rename to away");
        (await member.Reply(thread.Id, Word)).ShouldBeProblem(500);
        await database.ExecuteAsync("alter table forum.away rename to mt_doc_forumthread");

        var log = string.Join('\n', forum.Log());
        log.ShouldContain("A command failed: PostReply");
        log.ShouldContain("A command failed: StartThread");
        log.ShouldContain("no_word");
        log.ShouldNotContain(Word);
        log.ShouldNotContain("opensesame");
        foreach (var someone in new[] { member, moderator, thread.Starter })
        {
            log.ShouldNotContain(someone.Token!);
        }
    }
}
