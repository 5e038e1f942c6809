using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Exchange;

public sealed partial class SavedForumTests
{
    private static readonly string[] Members = ["member"];

    [Fact]
    public async Task what_guests_see_is_saved_as_pages_that_lead_to_each_other_and_as_mails_that_can_come_in_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var files = new DiscussionFile();
        var (folder, mbox) = (files.PathOf("site"), files.PathOf("forum.mbox"));
        var word = "w" + Guid.CreateVersion7().ToString("N");
        await using (var forum = await ForumHost.StartAsync(database, settings: ("Sample", "false")))
        {
            var (admin, member) = (forum.Admin(), forum.Member());
            var thread = await forum.NewThread();
            for (var i = 2; i <= 21; i++)
            {
                (await member.Reply(thread.Id, $"From here on, {i}.\nFrom there.")).ShouldBe(201);
            }

            var quote = (await member.Quote(thread.FirstPostId, "Quite.")).ShouldBe(201).PostId;
            (await member.Edit(quote, "Quite so.", "Better.")).ShouldBe(200);
            var removed = (await member.Reply(thread.Id, $"Out of view {word}.")).ShouldBe(201).PostId;
            (await member.Edit(removed, $"Out of sight {word}.")).ShouldBe(200);
            (await admin.Remove(removed, "Rude.")).ShouldBe(200);
            var secret = await forum.NewThread();
            (await secret.Starter.Reply(secret.Id, $"Secret {word}.")).ShouldBe(201);
            (await admin.Permit(secret.BoardId, see: new { roles = Members })).ShouldBe(200);
            await ReadModels.CatchUpAsync(forum);

            (await SaveAsync("--html", folder)).ShouldContain("index.html");
            (await SaveAsync("--mbox", mbox)).ShouldContain("22 posts saved");
            (await TrySaveAsync("--html", folder)).Said.ShouldContain("is not empty");
            (await TrySaveAsync("--html", folder, "--mbox", mbox)).Said.ShouldContain("only one");

            var pages = Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories);
            var names = pages.Select(page => Path.GetRelativePath(folder, page)).ToHashSet(StringComparer.Ordinal);
            string[] wanted =
            [
                Path.Combine("threads", $"{thread.Id}_page-2.html"),
                Path.Combine("threads", $"{thread.Id}_order-tree.html"),
                Path.Combine("threads", $"{thread.Id}", "timeline.html"),
                Path.Combine("posts", $"{quote}", "history.html"),
            ];
            wanted.Except(names, StringComparer.Ordinal).ShouldBeEmpty();
            foreach (var page in pages)
            {
                var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
                html.ShouldNotContain(word, Case.Sensitive, page);
                html.ShouldNotContain("<script", Case.Sensitive, page);
                foreach (
                    var link in Links()
                        .Matches(html)
                        .Select(match => match.Groups["to"].Value.Split('#')[0])
                        .Where(link => link.Length > 0)
                )
                {
                    File.Exists(Path.Combine(Path.GetDirectoryName(page)!, link))
                        .ShouldBeTrue($"{page} leads to {link}");
                }
            }

            (await File.ReadAllTextAsync(mbox, TestContext.Current.CancellationToken)).ShouldNotContain(word);

            Task<(int Code, string Said)> TrySaveAsync(params string[] what) =>
                ForumProcess.TryCommandAsync(database, [("EVENTFORUM_URL", $"{forum.Address}")], ["export", .. what]);

            async Task<string> SaveAsync(params string[] what)
            {
                var (code, said) = await TrySaveAsync(what);
                code.ShouldBe(0, said);
                return said;
            }
        }

        await using var other = await TestDatabase.CreateAsync();
        await ForumProcess.CommandAsync(other, "import", "--from", "mbox", mbox);
        (await other.ScalarAsync<long>("select count(*) from forum.posts where to_version is null")).ShouldBe(22);
        (await other.ScalarAsync<long>("select count(*) from forum.mt_events where type = 'thread_started'")).ShouldBe(
            1
        );
    }

    [GeneratedRegex("(href|src)=\"(?<to>[^\":]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Links();
}
