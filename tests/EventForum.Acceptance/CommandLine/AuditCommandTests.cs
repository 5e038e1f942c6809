using System.Diagnostics;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;
using EventForum.Transparency;

namespace EventForum.Acceptance.CommandLine;

public sealed partial class AuditCommandTests
{
    [Fact]
    public async Task verify_says_what_was_changed_and_ends_with_1()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await forum.NewThread("What was said.");
        (await thread.Starter.Edit(thread.FirstPostId, "What is said.")).ShouldBe(200);
        await forum.Database.LogsEverythingAsync();
        await ReadModels.CatchUpAsync(forum);
        var kept = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            kept,
            (await forum.Stranger().Get("/log/checkpoint")).ShouldBe(200).Text,
            TestContext.Current.CancellationToken
        );
        (await ForumProcess.CommandAsync(forum.Database, "audit", "key"))
            .Trim()
            .ShouldBe(forum.Key().Verifier.ToString());

        (await ForumProcess.CommandAsync(forum.Database, "audit", "verify", "--checkpoint", kept)).ShouldContain(
            "0 flaws"
        );

        await forum.Database.ExecuteAsync(
            """update forum.mt_events set data = jsonb_set(data, '{body}', '"Never said."') where seq_id = $1""",
            thread.Position
        );
        var (code, said) = await ForumProcess.TryCommandAsync(forum.Database, "audit", "verify", "--log-only");
        code.ShouldBe(1, said);
        said.ShouldContain($"altered: event {thread.Position}: data.body and its salt do not fit the log");
        said.ShouldContain("1 flaws");

        var other = SignerKey.Make("other").Sign(new Checkpoint("other", 1, MerkleTree.EmptyRoot).ToString());
        await File.WriteAllTextAsync(kept, other, TestContext.Current.CancellationToken);
        (
            await ForumProcess.TryCommandAsync(forum.Database, "audit", "verify", "--log-only", "--checkpoint", kept)
        ).Said.ShouldContain("2 flaws");
        (
            await ForumProcess.TryCommandAsync(forum.Database, "audit", "verify", "--checkpoint", "/no/file")
        ).Code.ShouldBe(1);
        File.Delete(kept);
    }

    [Fact]
    public async Task a_row_of_a_view_that_the_events_do_not_give_is_named()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        await forum.NewThread();
        await forum.Database.LogsEverythingAsync();
        await ReadModels.CatchUpAsync(forum);
        var table = await forum.Database.ScalarAsync<string>(
            "select tablename::text from pg_tables where schemaname = 'forum' and tablename ~ '^view_activity_v[0-9]+$'"
        );
        await forum.Database.ExecuteAsync($"delete from forum.{table}");

        var (code, said) = await ForumProcess.TryCommandAsync(forum.Database, "audit", "verify");

        code.ShouldBe(1, said);
        said.ShouldContain("view: activity: only in the events:");
    }

    [Fact]
    public async Task a_program_that_knows_nothing_of_the_forum_verifies_a_proof()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await forum.NewThread("The very words.");
        await forum.Database.LogsEverythingAsync();
        var proof = (await forum.Stranger().Get($"/api/audit/proof?position={thread.Position}")).ShouldBe(200).Text;
        var key = forum.Key().Verifier.ToString();

        var (code, said) = await VerifyAsync(proof, key);
        code.ShouldBe(0, said);
        said.ShouldContain("data.body is \"The very words.\"");

        foreach (
            var (was, now) in (KeyValuePair<string, string>[])
                [
                    new("The very words", "Other words"),
                    new("thread_started", "reply_posted"),
                    new("\\\"position\\\":", "\\\"position\\\":1"),
                    new("\"index\":", "\"index\":1"),
                ]
        )
        {
            proof.ShouldContain(was);
            (code, said) = await VerifyAsync(proof.Replace(was, now, StringComparison.Ordinal), key);
            code.ShouldBe(1, said);
        }

        (await VerifyAsync(proof, SignerKey.Make(forum.Key().Verifier.Name).Verifier.ToString())).Code.ShouldBe(1);
        (await VerifyAsync("{}", key)).Code.ShouldBe(1);
    }

    private static async Task<(int Code, string Said)> VerifyAsync(string proof, string key)
    {
        var root = Root().Match(AppContext.BaseDirectory).Value;
        var start = new ProcessStartInfo(
            "dotnet",
            ["run", "--file", Path.Combine(root, "ops", "verify-proof"), "--", key]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = Process.Start(start)!;
        await program.StandardInput.WriteAsync(proof);
        program.StandardInput.Close();
        var said = await Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();
        return (program.ExitCode, string.Concat(said));
    }

    [GeneratedRegex("^.*(?=artifacts)", RegexOptions.None, 1_000)]
    private static partial Regex Root();
}
