using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using EventForum.Acceptance.Harness;
using EventForum.Platform;
using EventForum.Transparency;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>The log as programs that others wrote read it, over HTTP.</summary>
public sealed class TransparencyLogTests(ForumHost forum)
{
    private async Task<Checkpoint> CheckpointAsync()
    {
        using var reader = new HttpClient { BaseAddress = forum.Address };
        var key = VerifierKey.Parse(await reader.GetStringAsync("/log/key")).ShouldNotBeNull();
        return Checkpoint.Open(await reader.GetStringAsync("/log/checkpoint"), key).ShouldNotBeNull();
    }

    private static async Task<Answer> ProofAsync(TestMember reader, long position)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = Patience.Begin();
        while (true)
        {
            var answer = await reader.Get($"/api/audit/proof?position={position}");
            if (answer.Status != 404)
            {
                return answer.ShouldBe(200);
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    [Fact]
    public async Task the_entries_give_the_tiles_and_the_tiles_the_checkpoint()
    {
        var thread = await forum.NewThread("Words that no leaf holds.");
        await ProofAsync(thread.Starter, thread.Position);
        var checkpoint = await CheckpointAsync();
        using var client = new HttpClient { BaseAddress = forum.Address };
        var tree = new TreeEdge(0, new Dictionary<int, byte[]>());
        var positions = new List<long>();
        for (var from = 0L; from < checkpoint.Size; from += Tile.Full)
        {
            var width = Math.Min(Tile.Full, checkpoint.Size - from);
            var path = Tile.IndexPath(from / Tile.Full) + (width < Tile.Full ? $".p/{width}" : "");
            var entries = await client.GetByteArrayAsync(
                $"/log/tile/entries/{path}",
                TestContext.Current.CancellationToken
            );
            for (var at = 0; at < entries.Length; )
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(entries.AsSpan(at));
                var entry = entries[(at + 2)..(at + 2 + length)];
                tree.Add(MerkleTree.Leaf(entry));
                var leaf = JsonElement.Parse(Encoding.UTF8.GetString(entry));
                leaf.EnumerateObject().Select(member => member.Name).ShouldBe(["commitment", "position"]);
                positions.Add(leaf.GetProperty("position").GetInt64());
                at += 2 + length;
            }
        }

        tree.Size.ShouldBe(checkpoint.Size);
        tree.Root().ShouldBe(checkpoint.Root);
        positions.ShouldBeInOrder();
        positions.ShouldContain(thread.Position);
        foreach (var ((level, index), hashes) in tree.Written())
        {
            var width = hashes.Length / Tile.HashBytes;
            var path = Tile.IndexPath(index) + (width < Tile.Full ? $".p/{width}" : "");
            (
                await client.GetByteArrayAsync($"/log/tile/{level}/{path}", TestContext.Current.CancellationToken)
            ).ShouldBe(hashes);
        }
    }

    [Fact]
    public async Task what_the_log_has_not_is_not_there()
    {
        var thread = await forum.NewThread();
        await ProofAsync(thread.Starter, thread.Position);
        foreach (
            var path in (string[])
                [
                    "0/x900/000",
                    "00/000.p/1",
                    "64/000.p/1",
                    "7/000.p/1",
                    "-1/000.p/1",
                    "0/0",
                    "x/000",
                    "entries/x900/000",
                    "entries/000.p/256",
                    "0/000.p/0",
                ]
        )
        {
            (await forum.Stranger().Get($"/log/tile/{path}")).ShouldBeProblem(404, "not-in-log");
        }

        (await forum.Stranger().Get("/api/audit/proof?position=999999999")).ShouldBeProblem(404, "event-not-in-log");
        (await forum.Stranger().Get("/api/audit/proof?position=0")).ShouldBeProblem(404, "event-not-in-log");
    }

    [Fact]
    public async Task a_proof_leads_from_the_leaf_to_the_checkpoint_and_from_the_event_to_the_leaf()
    {
        var thread = await forum.NewThread("The very words.");

        var proof = (await ProofAsync(forum.Stranger(), thread.Position)).Json.Deserialize<EventProof>(Wire.Json)!;

        var checkpoint = Checkpoint.Open(proof.Checkpoint, forum.Key().Verifier).ShouldNotBeNull();
        checkpoint.Size.ShouldBe(proof.Size);
        MerkleTree
            .Includes(
                checkpoint.Root,
                proof.Size,
                MerkleTree.Leaf(Encoding.UTF8.GetBytes(proof.Leaf)),
                proof.Index,
                [.. proof.Hashes.Select(Convert.FromBase64String)]
            )
            .ShouldBeTrue();
        var leaf = JsonElement.Parse(proof.Leaf);
        leaf.GetProperty("position").GetInt64().ShouldBe(thread.Position);
        Leaf.IsTo(
                leaf.GetProperty("commitment").GetBytesFromBase64(),
                proof.Salt!,
                Encoding.UTF8.GetBytes(proof.Record!)
            )
            .ShouldBeTrue();
        var record = JsonElement.Parse(proof.Record!);
        record.GetProperty("stream").GetGuid().ShouldBe(thread.Id);
        record.GetProperty("type").GetString().ShouldBe("thread_started");
        var body = proof.Values.Single(value => value.Path == "data.body");
        body.Value.ShouldBe("\"The very words.\"");
        proof
            .Values.Select(value => value.Path)
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                "actor",
                "causation",
                "correlation",
                "data.boardId",
                "data.body",
                "data.postId",
                "data.quotes",
                "data.title",
            ]);
        proof.Values.ShouldAllBe(value =>
            Leaf.IsTo(record.GetProperty(value.Path).GetString()!, value.Salt, JsonElement.Parse(value.Value))
        );
        proof.Record!.ShouldNotContain("words");
    }

    [Fact]
    public async Task a_proof_shows_of_an_event_what_its_reader_sees_of_it()
    {
        var thread = await forum.NewThread("Secret words.");
        await ProofAsync(forum.Stranger(), thread.Position);
        (await forum.Moderator().Remove(thread.FirstPostId, "Rude.")).ShouldBe(200);

        var removed = (await ProofAsync(forum.Stranger(), thread.Position)).Json.Deserialize<EventProof>(Wire.Json)!;
        removed.Record.ShouldNotBeNull();
        removed.Values.ShouldAllBe(value => value.Path != "data.body" && value.Path != "data.quotes");
        var moderated = (await ProofAsync(forum.Moderator(), thread.Position)).Json.Deserialize<EventProof>(Wire.Json)!;
        moderated.Values.ShouldContain(value => value.Path == "data.body");

        (await forum.Admin().Permit(thread.BoardId, see: new { })).ShouldBe(200);
        var hidden = await ProofAsync(forum.Stranger(), thread.Position);
        hidden.Json.Deserialize<EventProof>(Wire.Json)!.Record.ShouldBeNull();
        hidden.Text.ShouldNotContain(thread.Id.ToString());
        hidden.Text.ShouldNotContain("thread_started");
        hidden.Json.GetProperty("values").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_full_tile_may_be_kept_for_ever_and_everything_else_for_a_moment()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await own.NewThread();
        for (var i = 0; i < 260; i += 20)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => thread.Starter.Reply(thread.Id, "Again.")));
        }

        await own.Database.LogsEverythingAsync();
        foreach (var path in (string[])["0/000", "entries/000"])
        {
            var kept = (await own.Stranger().Get($"/log/tile/{path}")).ShouldBe(200).Headers.CacheControl!;
            kept.ToString().ShouldContain("immutable");
            kept.MaxAge.ShouldBe(TimeSpan.FromDays(365));
            kept.Public.ShouldBeTrue();
        }

        foreach (var path in (string[])["checkpoint", "tile/0/000.p/7", "tile/1/000.p/1", "tile/entries/000.p/7"])
        {
            (await own.Stranger().Get($"/log/{path}"))
                .ShouldBe(200)
                .Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task two_servers_keep_one_log_and_one_that_is_killed_is_no_loss()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var kept = new List<string>();
        var threads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => own.NewThread()));
        for (var round = 0; round < 3; round++)
        {
            await using var other = await ForumProcess.StartAsync(own.Database, ("Sample", "false"));
            var writing = Task.WhenAll(
                threads.SelectMany(thread =>
                    Enumerable
                        .Range(0, 40)
                        .Select(i => thread.Starter.At(i % 2 == 0 ? own : other).Reply(thread.Id, $"Reply {i}."))
                )
            );
            kept.Add((await own.Stranger().Get("/log/checkpoint")).ShouldBe(200).Text);
            await writing;
            await other.KillAsync();
        }

        await own.Database.LogsEverythingAsync();

        // Every checkpoint that anybody saw is one that the log has passed through.
        var report = await own.Database.VerifyAsync(own.Key().Verifier, [.. kept]);
        report.Flaws.ShouldBeEmpty();
        report.Behind.ShouldBe(0);
        report.Size.ShouldBe(
            await own.Database.ScalarAsync<long>("select count(*) from forum.mt_events where type <> 'tombstone'")
        );
    }

    [Fact]
    public async Task a_server_with_another_key_adds_nothing()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        await own.NewThread();
        await own.Database.LogsEverythingAsync();
        var source = NpgsqlDataSource.Create(own.Database.ConnectionString);
        await using var _ = source;

        await Should.ThrowAsync<OtherLogKeyException>(() =>
            new LogAppender(source, SignerKey.Make("another")).AppendAsync(long.MaxValue, CancellationToken.None)
        );
    }

    [Fact]
    public async Task a_session_that_masks_an_event_forgets_its_salts_with_it()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        var thread = await own.NewThread("Regretted words.");
        await own.Database.LogsEverythingAsync();
        await using var session = own.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.QueueSqlCommand(
            """update forum.mt_events set data = data || jsonb_build_object('body', '', 'mask', jsonb_build_object('length', 16)) where seq_id = ?""",
            thread.Position
        );
        EventSalts.Forget(session, thread.Position, ["data.body", "data.quotes"]);

        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await own.Database.VerifyAsync(own.Key().Verifier)).Flaws.ShouldBeEmpty();
        (
            await own.Database.ScalarAsync<string>(
                "select string_agg(path, ' ' order by path) from forum.log_salts, jsonb_object_keys(salts) path where position = $1 and path like 'data%'",
                thread.Position
            )
        ).ShouldBe("data.boardId data.postId data.title");
        var proof = (await ProofAsync(own.Stranger(), thread.Position)).Json.Deserialize<EventProof>(Wire.Json)!;
        proof.Record.ShouldNotBeNull();
        proof.Values.ShouldNotContain(value => value.Path == "data.body");
    }

    [Fact]
    public async Task nothing_comes_to_the_log_while_an_event_is_being_masked()
    {
        await using var own = await ForumHost.StartAsync(settings: ("Sample", "false"));
        await own.NewThread();
        await using var source = NpgsqlDataSource.Create(own.Database.ConnectionString);
        await using var masking = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (await masking.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await EventSalts.ForgetAsync(masking, 1, ["data.name"], TestContext.Current.CancellationToken);

            (
                await new LogAppender(source, own.Key()).AppendAsync(long.MaxValue, CancellationToken.None)
            ).ShouldBeNull();
        }

        await own.Database.LogsEverythingAsync();
    }
}
