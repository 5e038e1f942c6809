using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;

namespace EventForum.Acceptance.Erasure;

public sealed class RetentionTests
{
    [Fact]
    public async Task what_is_not_kept_for_longer_goes_out_of_the_events_and_all_that_is_made_of_them()
    {
        await using var database = await TestDatabase.CreateAsync();
        var word = "w" + Guid.CreateVersion7().ToString("N");
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            var (admin, away) = (forum.Admin(), forum.Member());
            var thread = await forum.NewThread();
            var reply = (await away.Reply(thread.Id, "Body.")).ShouldBe(201).PostId;
            var awayId = await away.Id();
            (await away.Edit(reply, "Better.", $"Grammar {word}.")).ShouldBe(200);
            (await admin.Lock(thread.Id, $"Enough {word}.")).ShouldBe(200);
            var batch = (await admin.RemovePosts(thread.FirstPostId)).ShouldBe(201).Id("batchId");
            (await admin.Undo(batch)).ShouldBe(201);
            (await admin.Remove(reply, $"Rude {word}.")).ShouldBe(200);
            (await admin.CloseBoard(thread.BoardId, $"Quiet {word}.")).ShouldBe(200);
            await ReadModels.CatchUpAsync(forum);
            await database.LogsEverythingAsync();
            (await database.TablesWithAsync(word)).Count.ShouldBeGreaterThan(4);
            (await admin.Get($"/api/threads/{thread.Id}/events")).ShouldBe(200).Text.ShouldContain(word);

            (await RetainAsync(admin.Name, "")).ShouldBe((1, "Nothing is to go"));
            (await RetainAsync("nobody", "1.00:00:00")).ShouldBe((1, "Say who does it"));
            (await RetainAsync(admin.Name, "1.00:00:00")).ShouldBe((0, "Nothing is older"));
            (await database.TablesWithAsync(word)).Count.ShouldBeGreaterThan(4);

            (await RetainAsync(admin.Name, "00:00:00.001")).Code.ShouldBe(0);

            await database.CompletesErasuresAsync();
            (await database.TablesWithAsync(word)).ShouldBeEmpty();
            var subject = $"expired:{awayId}";
            (
                await database.ScalarAsync<string>(
                    "select data ->> 'subject' from forum.mt_doc_member where id = $1",
                    awayId
                )
            ).ShouldBe(subject);
            (await database.EventsOfAsync(awayId)).Contains("subject_expired", StringComparer.Ordinal).ShouldBeTrue();
            (await database.EventsOfAsync(await admin.Id()))
                .Contains("retention_applied", StringComparer.Ordinal)
                .ShouldBeTrue();
            await NoPageHasAsync(admin, $"/threads/{thread.Id}", word);
            (await admin.Get($"/api/threads/{thread.Id}/events"))
                .ShouldBe(200)
                .Text.ShouldContain("took out the reasons that were given before");
            await database.LogsEverythingAsync();
            (await database.VerifyAsync(forum.Key().Verifier)).Flaws.ShouldBeEmpty();
            (await RetainAsync(admin.Name, "00:00:00.001")).ShouldBe((0, "Nothing is older"));
            projections = await ReadModels.CatchUpAsync(forum);
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);

        async Task<(int Code, string Said)> RetainAsync(string by, string kept)
        {
            var (code, said) = await ForumProcess.TryCommandAsync(
                database,
                [("Retention__Reasons", kept), ("Retention__Subjects", kept)],
                "audit",
                "retain",
                "--by",
                by,
                "--yes"
            );
            string[] known = ["Nothing is to go", "Say who does it", "Nothing is older"];
            return (code, known.FirstOrDefault(known => said.Contains(known, StringComparison.Ordinal)) ?? said);
        }
    }

    /// <summary>A server may keep a page for a second more.</summary>
    private static async Task NoPageHasAsync(TestMember reader, string path, string word)
    {
        await Patience.UntilAsync(async () =>
            !((await reader.Get(path)).ShouldBe(200).Text.Contains(word, StringComparison.Ordinal))
        );
    }
}
