using System.Globalization;
using EventForum.Platform;
using EventForum.Transparency;
using Npgsql;

namespace EventForum.Acceptance.Transparency;

/// <summary>Whatever is changed behind the forum's back is found, and where.</summary>
public sealed class TamperTests(TamperedForum forum) : IClassFixture<TamperedForum>
{
    [Fact]
    public async Task what_nobody_touched_has_no_flaws()
    {
        for (var i = 0; i < 5; i++)
        {
            var report = await forum.Host.Database.VerifyAsync(forum.Host.Key().Verifier, forum.Early);
            report.Flaws.ShouldBeEmpty();
            report.Size.ShouldBe(forum.Positions.Count);
        }
    }

    [Fact]
    public async Task hundreds_of_random_changes_are_each_found_where_they_are()
    {
        var random = new Random(20261128);
        var tally = new Tamperings();
        for (var i = 0; i < Tamperings.Of(300, usually: 150); i++)
        {
            var (name, sql, kind) = TamperedForum.Ways[i % TamperedForum.Ways.Count];
            var position = forum.Positions[random.Next(forum.Positions.Count)];
            var written = sql.Replace("$1", position.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (sql.Contains("<> '{}'", StringComparison.Ordinal))
            {
                position = await forum.Host.Database.ScalarAsync<long>(
                    "select seq_id from forum.mt_events where data <> '{}' and type <> 'tombstone' order by seq_id < $1, seq_id limit 1",
                    position
                );
                written = sql.Replace("$1", position.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            }

            var report = await forum.AfterAsync(written);

            report.Flaws.ShouldContain(flaw => flaw.Position == position && flaw.Kind == kind, written);
            report.Flaws.ShouldAllBe(flaw => flaw.Position == position);
            tally.Count(
                $"an event: {name}",
                report.Flaws.Count > 0,
                report.Flaws.All(flaw => flaw.Position == position)
            );
        }

        tally.ShouldAllBeLocated();
    }

    [Fact]
    public async Task events_that_changed_places_at_random_are_both_named()
    {
        var random = new Random(11);
        var tally = new Tamperings();
        for (var i = 0; i < Tamperings.Of(100, usually: 20); i++)
        {
            var at = random.Next(forum.Positions.Count - 1);
            var (one, other) = (forum.Positions[at], forum.Positions[random.Next(at + 1, forum.Positions.Count)]);
            var report = await forum.AfterAsync(
                $"update forum.mt_events set seq_id = -1 where seq_id = {one}",
                $"update forum.mt_events set seq_id = {one} where seq_id = {other}",
                $"update forum.mt_events set seq_id = {other} where seq_id = -1"
            );

            var reordered = report.Flaws.Where(flaw => flaw.Kind == "reordered").Select(flaw => flaw.Position).ToList();
            reordered.ShouldBe([one, other]);
            tally.Count("two events swapped", report.Flaws.Count > 0, reordered.Count == 2);
        }

        tally.ShouldAllBeLocated();
    }

    [Fact]
    public async Task one_value_of_an_event_or_its_salt_is_named()
    {
        var random = new Random(7);
        var values = await forum.Host.Database.ColumnAsync<string>(
            "select position || ' ' || path from forum.log_salts cross join jsonb_object_keys(salts) path where path like 'data.%' order by 1"
        );
        var tally = new Tamperings();
        for (var i = 0; i < Tamperings.Of(200, usually: 90); i++)
        {
            var (position, path) = values[random.Next(values.Count)].Split(' ') is [var first, var second]
                ? (long.Parse(first, CultureInfo.InvariantCulture), second)
                : default;
            var members = string.Join(',', path.Split('.').Skip(1));
            var report = await forum.AfterAsync(
                i % 3 == 0
                    ? $$"""update forum.log_salts set salts = salts || '{"{{path}}": "AAAAAAAAAAAAAAAAAAAAAA=="}' where position = {{position}}"""
                : i % 3 == 1
                    ? $$"""update forum.mt_events set data = jsonb_set(data, '{{{members}}}', '"forged"') where seq_id = {{position}}"""
                : $$"""update forum.mt_events set data = data #- '{{{members}}}' where seq_id = {{position}}"""
            );
            var flaw = report.Flaws.ShouldHaveSingleItem();
            flaw.Position.ShouldBe(position);
            flaw.What.ShouldStartWith(path);
            tally.Count(
                ((string[])["a value's salt", "a value changed", "a value deleted"])[i % 3],
                report.Flaws.Count > 0,
                flaw.Position == position && flaw.What.StartsWith(path, StringComparison.Ordinal)
            );
        }

        tally.ShouldAllBeLocated();
    }

    [Fact]
    public async Task events_that_changed_places_are_named_with_where_they_were()
    {
        var (one, other) = (forum.Positions[10], forum.Positions[20]);
        var report = await forum.AfterAsync(
            $"update forum.mt_events set seq_id = -1 where seq_id = {one}",
            $"update forum.mt_events set seq_id = {one} where seq_id = {other}",
            $"update forum.mt_events set seq_id = {other} where seq_id = -1"
        );

        var reordered = report.Flaws.Where(flaw => flaw.Kind == "reordered").ToList();
        reordered.Select(flaw => flaw.Position).ShouldBe([one, other]);
        reordered[0].What.ShouldBe($"it is at position {other} now");
    }

    [Fact]
    public async Task an_event_that_was_put_between_is_named()
    {
        var taken = await forum.Host.Database.ColumnAsync<long>("select seq_id from forum.mt_events order by 1");
        var free = taken.First(position => !taken.Contains(position + 1)) + 1;
        var last = forum.Positions[^1];
        // The last event makes room where there are no gaps.
        var report = await forum.AfterAsync(
            free > last ? $"delete from forum.mt_events where seq_id = {last}" : "select 1",
            $"""
            insert into forum.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select {(
                free > last ? last : free
            )}, gen_random_uuid(), stream_id, 1000000, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived
              from forum.mt_events where seq_id = {forum.Positions[5]}
            """
        );

        report.Flaws.ShouldContain(flaw => flaw.Kind == "inserted" && flaw.Position == Math.Min(free, last));
    }

    [Fact]
    public async Task an_event_that_was_put_before_all_others_is_named()
    {
        var report = await forum.AfterAsync(
            $"""
            insert into forum.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select 0, gen_random_uuid(), stream_id, 1000000, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived
              from forum.mt_events where seq_id = {forum.Positions[5]}
            """
        );

        report.Flaws.ShouldHaveSingleItem().ToString().ShouldStartWith("inserted: event 0:");
    }

    [Theory]
    [InlineData(
        "update forum.log_tiles set hashes = substring(hashes from 1 for 64) where level = 0 and index = 0",
        "tile"
    )]
    [InlineData(
        "update forum.log_tiles set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where level = 0 and index = 1",
        "tile"
    )]
    [InlineData("delete from forum.log_tiles where level = 1", "tile")]
    [InlineData("delete from forum.log_leaves where index = 17", "leaf")]
    [InlineData("delete from forum.log_leaves where index = (select max(index) from forum.log_leaves)", "leaf")]
    [InlineData("update forum.log_leaves set commitment = sha256(commitment) where index = 17", "tile")]
    [InlineData("update forum.log_leaves set position = position + 1000000 where index = 17", "tile")]
    [InlineData("update forum.log_head set size = size - 1", "checkpoint")]
    [InlineData("update forum.log_head set note = replace(note, '=', '')", "checkpoint")]
    [InlineData("delete from forum.log_head", "checkpoint")]
    public async Task what_was_done_to_the_log_itself_is_found(string sql, string kind) =>
        (await forum.AfterAsync(sql)).Flaws.ShouldContain(flaw => flaw.Kind == kind);

    [Fact]
    public async Task an_older_checkpoint_in_the_place_of_the_last_is_found()
    {
        var report = await forum.AfterAsync($"update forum.log_head set note = '{forum.Early}'");

        report.Flaws.ShouldContain(flaw => flaw.Kind == "checkpoint");
    }

    [Fact]
    public async Task a_checkpoint_of_another_log_or_of_more_than_there_is_was_never_passed_through()
    {
        var signer = forum.Host.Key();
        var name = signer.Verifier.Name;
        foreach (
            var never in (Checkpoint[])
                [
                    new(name, 5, MerkleTree.Leaf("another"u8)),
                    new(name, forum.Positions.Count + 1, MerkleTree.Leaf("more"u8)),
                ]
        )
        {
            (await forum.Host.Database.VerifyAsync(signer.Verifier, signer.Sign(never.ToString())))
                .Flaws.ShouldHaveSingleItem()
                .Kind.ShouldBe("checkpoint");
        }
    }

    [Fact]
    public async Task who_makes_the_whole_log_again_is_found_by_a_checkpoint_that_somebody_kept()
    {
        await using var connection = new NpgsqlConnection(forum.Host.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var again = new NpgsqlCommand(
            """
            update forum.mt_events set data = jsonb_set(data, '{body}', '"Never said."') where type = 'reply_posted';
            delete from forum.log_leaves; delete from forum.log_tiles; delete from forum.log_salts; delete from forum.log_head;
            """,
            connection
        );
        await again.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        while (await LogAppender.AppendAsync(connection, forum.Host.Key(), long.MaxValue, CancellationToken.None) > 0)
        { }

        (await OwnLog.VerifyAsync(connection, forum.Host.Key().Verifier)).Flaws.ShouldBeEmpty();
        (await OwnLog.VerifyAsync(connection, forum.Host.Key().Verifier, forum.Early))
            .Flaws.ShouldHaveSingleItem()
            .Kind.ShouldBe("checkpoint");
    }

    [Fact]
    public async Task what_was_masked_and_forgotten_is_no_flaw_and_what_was_only_masked_is_one()
    {
        await using var connection = new NpgsqlConnection(forum.Host.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var position = await forum.Host.Database.ScalarAsync<long>(
            "select max(seq_id) from forum.mt_events where type = 'reply_posted'"
        );
        await using var mask = new NpgsqlCommand(
            $$"""
            update forum.mt_events set data = data || '{"body": "", "quotes": [], "mask": {"why": "redacted", "length": 1} }' where seq_id = {{position}}
            """,
            connection
        );
        await mask.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (await OwnLog.VerifyAsync(connection, forum.Host.Key().Verifier))
            .Flaws.ShouldHaveSingleItem()
            .Position.ShouldBe(position);

        await EventSalts.ForgetAsync(
            connection,
            position,
            ["data.body", "data.quotes", "data.nothing"],
            TestContext.Current.CancellationToken
        );

        (await OwnLog.VerifyAsync(connection, forum.Host.Key().Verifier)).Flaws.ShouldBeEmpty();
    }
}
