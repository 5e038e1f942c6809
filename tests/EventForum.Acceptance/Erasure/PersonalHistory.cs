using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Erasure;

/// <summary>A person who wrote a word wherever words can be written, and others who have to do with that.</summary>
internal sealed record PersonalHistory(
    TestMember Person,
    Guid PersonId,
    string Word,
    TestMember Admin,
    Guid Board,
    Guid Thread,
    Guid Post,
    Guid OthersPost
)
{
    public static async Task<PersonalHistory> WriteAsync(ForumHost forum)
    {
        var word = "w" + Guid.CreateVersion7().ToString("N");
        var (admin, other) = (forum.Admin(), forum.Member());
        var person = forum.As(ForumServer.NewName("person"), "member", "moderator");
        var board = await forum.NewBoard();
        var started = (await person.StartThread(board, $"Title {word}", $"First {word}.")).ShouldBe(201);
        var (thread, post) = (started.ThreadId, started.PostId);
        (await person.Edit(post, $"Second {word}.", $"Because {word}.")).ShouldBe(200);
        (await admin.Edit(post, $"Second {word}, mended.", "Grammar.")).ShouldBe(200);
        var othersPost = (await other.Quote(post, "Not mine.")).ShouldBe(201).PostId;
        (await person.Rename(thread, $"Another {word}")).ShouldBe(200);
        var renamed = (
            await admin.Batch(
                new
                {
                    kind = "rename-thread",
                    reason = "Clearer.",
                    threadId = thread,
                    title = "Something",
                }
            )
        ).ShouldBe(201);
        (await admin.Undo(renamed.Id("batchId"))).ShouldBe(201);
        (await person.Lock(thread, $"Enough {word}.")).ShouldBe(200);
        (await person.Report(othersPost, "spam", $"Spam {word}.")).ShouldBe(201);
        (await person.RemovePosts(othersPost)).ShouldBe(201);
        (await admin.Restore(othersPost, "It is fine.")).ShouldBe(200);
        return new PersonalHistory(person, await person.Id(), word, admin, board, thread, post, othersPost);
    }

    /// <summary>The tables in which something of the person is.</summary>
    public async Task<IReadOnlyList<string>> TablesAsync(TestDatabase database) =>
        [.. await database.TablesWithAsync(Word), .. await database.TablesWithAsync(Person.Name)];
}
