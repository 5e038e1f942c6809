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
        var keys = (await ForumProcess.CommandAsync(forum.Database, "audit", "key")).Split('\n');
        keys[0].ShouldBe(forum.Key().Verifier.ToString());
        VerifierKey.Parse(keys[1]).ShouldNotBeNull().Type.ShouldBe(VerifierKey.CosignatureType);

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
        await File.WriteAllTextAsync(kept, "No note.", TestContext.Current.CancellationToken);
        (await ForumProcess.RefusedAsync(forum.Database, "audit", "verify", "--checkpoint", kept)).ShouldContain(
            "is no checkpoint"
        );
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
        said.ShouldContain($"row: forum.{table} board_id ");
        said.ShouldContain(": the row is missing");
        (
            await forum.Database.ScalarAsync<long>(
                "select count(*) from pg_database where datname ~ '^eventforum_verify_' and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)"
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task a_program_that_knows_nothing_of_the_forum_verifies_that_the_log_goes_on()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var key = forum.Key().Verifier.ToString();
        await forum.NewThread();
        await forum.Database.LogsEverythingAsync();
        var early = (await forum.Stranger().Get("/log/checkpoint")).ShouldBe(200).Text;
        var kept = Path.GetTempFileName();
        await File.WriteAllTextAsync(kept, early, TestContext.Current.CancellationToken);
        await forum.NewThread();
        await forum.Database.LogsEverythingAsync();
        var size = Checkpoint.Open(early, forum.Key().Verifier)!.Size;
        var proof = (await forum.Stranger().Get($"/api/audit/consistency?from={size}")).ShouldBe(200).Text;

        var (code, said) = await VerifyAsync(proof, key, kept);
        code.ShouldBe(0, said);
        said.ShouldContain($"goes on from the kept checkpoint, of {size}");

        var forged = proof.Replace("\"hashes\":[\"", "\"hashes\":[\"A", StringComparison.Ordinal);
        (await VerifyAsync(forged, key, kept)).Code.ShouldBe(1);
        var never = forum
            .Key()
            .Sign(new Checkpoint(forum.Key().Verifier.Name, size, MerkleTree.Leaf("x"u8)).ToString());
        await File.WriteAllTextAsync(kept, never, TestContext.Current.CancellationToken);
        (code, said) = await VerifyAsync(proof, key, kept);
        code.ShouldBe(1, said);
        said.ShouldContain("does not go on");
        File.Delete(kept);
    }

    [Fact]
    public async Task a_program_that_knows_nothing_of_the_forum_verifies_a_proof()
    {
        await using var forum = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await forum.NewThread("The very words.");
        await forum.Database.LogsEverythingAsync();
        (await forum.Stranger().Get("/api/audit/proof")).ShouldBeProblem(400, "position-missing");
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

    private static async Task<(int Code, string Said)> VerifyAsync(string proof, params string[] arguments)
    {
        var root = Root().Match(AppContext.BaseDirectory).Value;
        var start = new ProcessStartInfo(
            "dotnet",
            ["run", "--file", Path.Combine(root, "ops", "verify-proof"), "--", .. arguments]
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
