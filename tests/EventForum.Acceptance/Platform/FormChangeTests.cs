using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>What a page's form changes is what the events say that it appended, as with the API's routes.</summary>
public sealed class FormChangeTests
{
    /// <summary>Where a form is sent, and its fields.</summary>
    private delegate Task<(string Path, (string Name, string Value)[] Fields)> Form(
        TestMember admin,
        TestThread thread
    );

    /// <summary>These keep nothing: who signs in gets a cookie, and a draft comes back on its page.</summary>
    private static readonly string[] WithoutEvents = ["/sign-in", "/sign-out", "/threads/{threadId}/replies/draft"];

    private static readonly (string Name, string Value) Reason = ("reason", "Because.");

    private static Dictionary<string, Form> Forms(ForumHost forum) =>
        new(StringComparer.Ordinal)
        {
            ["/boards"] = Always(_ => "/boards", ("name", ForumServer.NewName("board")), ("description", "What for.")),
            ["/boards/{boardId}/settings"] = Always(
                thread => $"/boards/{thread.BoardId}/settings",
                ("name", ForumServer.NewName("board")),
                ("description", "Other.")
            ),
            ["/boards/{boardId}/permissions"] = Always(
                thread => $"/boards/{thread.BoardId}/permissions",
                ("see-roles", "member"),
                ("start-everyone", "yes"),
                ("reply-everyone", "yes"),
                ("moderate-roles", "moderator")
            ),
            ["/boards/{boardId}/close"] = Always(thread => $"/boards/{thread.BoardId}/close", Reason),
            ["/boards/{boardId}/reopen"] = async (admin, thread) =>
            {
                (await admin.CloseBoard(thread.BoardId)).ShouldBe(200);
                return ($"/boards/{thread.BoardId}/reopen", [Reason]);
            },
            ["/boards/{boardId}/moderation-log"] = Always(
                thread => $"/boards/{thread.BoardId}/moderation-log",
                ("public", "yes")
            ),
            ["/boards/{boardId}/threads"] = Always(
                thread => $"/boards/{thread.BoardId}/threads",
                ("title", "A title"),
                ("body", "Body.")
            ),
            ["/threads/{threadId}/replies"] = Always(thread => $"/threads/{thread.Id}/replies", ("body", "Body.")),
            ["/threads/{threadId}/lock"] = Always(thread => $"/threads/{thread.Id}/lock", Reason),
            ["/threads/{threadId}/unlock"] = async (admin, thread) =>
            {
                (await admin.Lock(thread.Id)).ShouldBe(200);
                return ($"/threads/{thread.Id}/unlock", [Reason]);
            },
            ["/threads/{threadId}/pin"] = Always(thread => $"/threads/{thread.Id}/pin", Reason),
            ["/threads/{threadId}/unpin"] = async (admin, thread) =>
            {
                (await admin.Pin(thread.Id)).ShouldBe(200);
                return ($"/threads/{thread.Id}/unpin", [Reason]);
            },
            ["/threads/{threadId}/title"] = Always(
                thread => $"/threads/{thread.Id}/title",
                ("title", "Another"),
                Reason
            ),
            ["/posts/{postId}/edit"] = Always(
                thread => $"/posts/{thread.FirstPostId}/edit",
                ("body", "Edited."),
                ("revision", "1"),
                Reason
            ),
            ["/posts/{postId}/remove"] = Always(thread => $"/posts/{thread.FirstPostId}/remove", Reason),
            ["/posts/{postId}/restore"] = async (_, thread) =>
            {
                (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
                return ($"/posts/{thread.FirstPostId}/restore", [Reason]);
            },
            ["/posts/{postId}/report"] = Always(
                thread => $"/posts/{thread.FirstPostId}/report",
                ("reason", "spam"),
                ("text", "It is.")
            ),
            ["/moderation/batches"] = Always(
                _ => "/moderation/batches",
                ("kind", "remove-posts"),
                ("step", "confirm"),
                Reason
            ),
            ["/moderation/batches/{batchId}/undo"] = async (admin, thread) =>
            {
                var batch = (await admin.RemovePosts(thread.FirstPostId)).ShouldBe(201).Id("batchId");
                return ($"/moderation/batches/{batch}/undo", [Reason]);
            },
            ["/moderation/cases/{caseId}/take"] = async (admin, thread) =>
                ($"/moderation/cases/{await CaseAsync(forum, admin, thread)}/take", []),
            ["/moderation/cases/{caseId}/notes"] = async (admin, thread) =>
                ($"/moderation/cases/{await CaseAsync(forum, admin, thread)}/notes", [("text", "Seen.")]),
            ["/moderation/cases/{caseId}/dismiss"] = async (admin, thread) =>
                (
                    $"/moderation/cases/{await CaseAsync(forum, admin, thread)}/dismiss",
                    [("explanation", "It is fine.")]
                ),
            ["/cases/{caseId}/appeal"] = async (admin, thread) =>
            {
                var post = (await admin.Reply(thread.Id, "Mine.")).ShouldBe(201).PostId;
                (await thread.Starter.Report(post)).ShouldBe(201);
                var other = forum.Moderator();
                var reported = await other.CaseOf(post);
                (await other.Resolve(reported, post)).ShouldBe(201);
                return ($"/cases/{reported}/appeal", [("text", "It was fine.")]);
            },
            ["/moderation/cases/{caseId}/appeal/decision"] = async (_, thread) =>
            {
                var other = forum.Moderator();
                var reported = await CaseAsync(forum, other, thread);
                (await other.Resolve(reported, thread.FirstPostId)).ShouldBe(201);
                (await thread.Starter.Appeal(reported)).ShouldBe(201);
                return (
                    $"/moderation/cases/{reported}/appeal/decision",
                    [("outcome", "overturned"), ("explanation", "It was fine.")]
                );
            },
            ["/members/{memberId}/erase"] = async (_, thread) =>
                (
                    $"/members/{await thread.Starter.Id()}/erase",
                    [("scope", "name-and-words"), ("name", thread.Starter.Name), Reason]
                ),
        };

    [Fact]
    public async Task what_every_form_changed_is_what_its_events_say()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> projections;
        await using (var forum = await ForumHost.StartAsync(database))
        {
            var forms = Forms(forum);
            RouteTests
                .Routes(forum)
                .Where(route => route.Method == "POST" && !route.Path.StartsWith("/api/", StringComparison.Ordinal))
                .Select(route => route.Path.Replace(":guid", "", StringComparison.Ordinal))
                .Except(WithoutEvents, StringComparer.Ordinal)
                .ShouldBe(forms.Keys, ignoreOrder: true);
            foreach (var (route, form) in forms)
            {
                var (admin, thread) = (forum.Admin(), await forum.NewThread());
                var (path, fields) = await form(admin, thread);
                if (route == "/moderation/batches")
                {
                    fields = [.. fields, ("post", $"{thread.FirstPostId}")];
                }

                var before = await database.ScalarAsync<long>("select max(seq_id) from forum.mt_events");
                using var client = forum.Client(admin.Token);
                using var content = new FormUrlEncodedContent(
                    fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
                );
                using var answer = await client.PostAsync(path, content, TestContext.Current.CancellationToken);

                var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                (
                    await database.ScalarAsync<long>(
                        """
                        select count(*) from forum.mt_events
                         where seq_id > $1 and user_name = $2
                           and type not in ('member_registered', 'token_roles_changed')
                        """,
                        before,
                        $"{await admin.Id()}"
                    )
                ).ShouldBeGreaterThan(0, $"{route}: {answer.StatusCode} {said}");
            }

            projections = await ReadModels.CatchUpAsync(forum);
            await database.CompletesErasuresAsync();
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    private static Form Always(Func<TestThread, string> path, params (string Name, string Value)[] fields) =>
        (_, thread) => Task.FromResult((path(thread), fields));

    private static async Task<Guid> CaseAsync(ForumHost forum, TestMember moderator, TestThread thread)
    {
        (await forum.Member().Report(thread.FirstPostId)).ShouldBe(201);
        return await moderator.CaseOf(thread.FirstPostId);
    }
}
