using System.Text.RegularExpressions;
using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;
using EventForum.Acceptance.Transparency;
using EventForum.Platform;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventForum.Acceptance.Platform;

/// <summary>A server that reads elsewhere than it writes, as a role that may do nothing but read.</summary>
public sealed partial class ReadDatabaseTests(ReadDatabaseTests.Servers servers)
    : IClassFixture<ReadDatabaseTests.Servers>
{
    [Fact]
    public async Task every_read_answers_as_it_does_without_a_database_of_its_own()
    {
        var thread = await FilledThreadAsync();
        var member = await thread.Starter.Id();
        var removed = (await thread.Starter.Reply(thread.Id, "To be removed.")).ShouldBe(201);
        var (known, batch) = await servers.Usual.ResolvedCase(removed.PostId);
        await ReadModels.CatchUpAsync(servers.Usual);
        await servers.Usual.Database.LogsEverythingAsync();
        // How fast views go, each server measures for itself.
        var routes = RouteTests
            .Routes(servers.Usual)
            .Where(route => route.Method == "GET" && route.Path is not ("/views" or "/api/views"))
            .ToList();
        routes.Count.ShouldBeGreaterThan(30);
        foreach (var route in routes)
        {
            foreach (var path in Paths(route.Path))
            {
                var (usual, apart) = (await AskAsync(servers.Usual, path), await AskAsync(servers.Apart, path));

                usual.Status.ShouldBeOneOf([200, 303], $"{path} {usual.Text}");
                apart.Status.ShouldBe(usual.Status, $"{path} {apart.Text}");
                Plain(apart).ShouldBe(Plain(usual), path);
            }
        }

        Task<Answer> AskAsync(ForumHost host, string path)
        {
            var reader = servers.Admin.At(host);
            // Streams are asked for their beginning only, and who is led on leaves its token behind.
            return
                path.EndsWith("/live", StringComparison.Ordinal) || path.EndsWith("/replay", StringComparison.Ordinal)
                ? reader.Send(HttpMethod.Head, path)
                : reader.Get(path);
        }

        IEnumerable<string> Paths(string pattern)
        {
            var path = Parameter()
                .Replace(
                    pattern,
                    parameter =>
                        parameter.Groups["name"].Value switch
                        {
                            "threadId" => $"{thread.Id}",
                            "boardId" => $"{thread.BoardId}",
                            "memberId" => $"{member}",
                            "postId" => $"{thread.FirstPostId}",
                            "batchId" => $"{batch}",
                            "caseId" => $"{known}",
                            "name" => "activity",
                            _ => "v1",
                        }
                );
            if (pattern.StartsWith("/log/tile/", StringComparison.Ordinal))
            {
                return ["/log/tile/0/000.p/1", "/log/tile/entries/000.p/1"];
            }

            if (pattern.StartsWith("/log/witnessed/", StringComparison.Ordinal))
            {
                // They come from files.
                return [];
            }

            if (path.EndsWith("/compare", StringComparison.Ordinal))
            {
                return [path + "?from=1"];
            }

            return pattern is "/api/threads/{threadId}"
                    ? [path, $"{path}?version=2", $"{path}?without=event:2", $"{path}?min-position={thread.Position}"]
                : pattern is "/api/boards" or "/api/boards/{boardId}/threads" or "/api/posts/{postId}/quoted-by"
                    ? [path, $"{path}?min-position={thread.Position}"]
                : pattern is "/api/audit/proof" ? [$"{path}?position={thread.Position}"]
                : pattern is "/api/audit/consistency" ? [$"{path}?from=1"]
                : pattern is "/api/audit/visibility"
                    ? [$"{path}?post={thread.FirstPostId}", $"{path}?post={thread.FirstPostId}&guest=true"]
                : pattern is "/api/events" ? [$"{path}?after={thread.Position - 1}&limit=3"]
                : [path];
        }
    }

    [Fact]
    public async Task what_is_read_there_cannot_be_written_there()
    {
        var reads = servers.Apart.Services.GetRequiredKeyedService<NpgsqlDataSource>(ReadDatabase.Key);
        await using var command = reads.CreateCommand(
            "insert into forum.settled_position (id, position) values (2, 0)"
        );

        (
            await Should.ThrowAsync<PostgresException>(() =>
                command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
            )
        ).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Fact]
    public async Task a_writer_finds_its_own_words_there_and_who_watches_hears_of_them()
    {
        var thread = await servers.Apart.NewThread();
        var position = (await thread.Starter.Reply(thread.Id, "Found again.")).ShouldBe(201).Position;

        var page = (await thread.Starter.Get($"/api/threads/{thread.Id}?min-position={position}")).ShouldBe(200);
        page.Text.ShouldContain("Found again.");
        var feed = await thread.Starter.Settled($"/api/events?after={position - 1}", position);
        feed.Text.ShouldContain("Found again.");
        (await thread.Starter.Get($"/api/threads/{thread.Id}?min-position={position + 1_000_000}")).ShouldBeProblem(
            422,
            "position-unknown"
        );
    }

    private async Task<TestThread> FilledThreadAsync()
    {
        var thread = await servers.Usual.NewThread("Words to quote.");
        (await thread.Starter.Quote(thread.FirstPostId, "An answer.")).ShouldBe(201);
        (await thread.Starter.Edit(thread.FirstPostId, "Words to quote, edited.", "Clearer.")).ShouldBe(200);
        await ReadModels.CatchUpAsync(servers.Usual);
        return thread;
    }

    /// <summary>The answer without what differs between two requests that mean the same.</summary>
    private static string Plain(Answer answer) => Varying().Replace(answer.Text, "");

    [GeneratedRegex(@"\{(?<name>\w+)(:guid)?\??\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"(""traceId"":""[^""]*"")|(name=""key"" value=""[^""]*"")|(nonce[-=]""?[^""' ]*)|(""url"":\s*""[^""]*"")|(127\.0\.0\.1:\d+)",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Varying();

    /// <summary>Two servers on one database.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly string role = $"reader_{Guid.CreateVersion7():N}";

        public ForumHost Usual { get; private set; } = null!;

        public ForumHost Apart { get; private set; } = null!;

        public TestMember Admin { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Usual = await ForumHost.StartAsync(null, ("Sample", "false"));
            Admin = Usual.Admin();
            await Usual.Database.ExecuteAsync($"create role {role}");
            await Usual.Database.ExecuteAsync($"grant {role} to current_user");
            await Usual.Database.ExecuteAsync($"grant usage on schema forum to {role}");
            await Usual.Database.ExecuteAsync($"grant select on all tables in schema forum to {role}");
            var reads = new NpgsqlConnectionStringBuilder(Usual.Database.ConnectionString)
            {
                Options = $"-c role={role}",
            };
            Apart = await ForumHost.StartAsync(
                Usual.Database,
                ("Sample", "false"),
                (ReadDatabase.Setting, reads.ConnectionString)
            );
        }

        public async ValueTask DisposeAsync()
        {
            await Apart.DisposeAsync();
            await Usual.Database.ExecuteAsync($"drop owned by {role}");
            await Usual.Database.ExecuteAsync($"drop role {role}");
            await Usual.DisposeAsync();
        }
    }
}
