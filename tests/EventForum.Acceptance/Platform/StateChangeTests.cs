using EventForum.Acceptance.Golden;
using EventForum.Acceptance.Harness;

namespace EventForum.Acceptance.Platform;

/// <summary>Nothing changes state except by an event: every route that may change something appends one.</summary>
public sealed class StateChangeTests(ForumHost forum)
{
    /// <summary>Uses a route as someone who has done nothing yet and may do everything.</summary>
    private delegate Task<Answer> Use(TestMember admin, TestThread thread);

    private const string View = "moderators";

    private readonly Dictionary<string, Use> uses = new(StringComparer.Ordinal)
    {
        ["POST /api/boards"] = (admin, _) => admin.CreateBoard(ForumServer.NewName("board")),
        ["PUT /api/boards/{boardId}"] = (admin, thread) =>
            admin.ChangeBoard(thread.BoardId, ForumServer.NewName("board")),
        ["PUT /api/boards/{boardId}/permissions"] = (admin, thread) =>
            admin.Permit(thread.BoardId, see: new { roles = new[] { "member" } }),
        ["PUT /api/boards/{boardId}/moderation-log"] = (admin, thread) => admin.PublishLog(thread.BoardId),
        ["POST /api/boards/{boardId}/close"] = (admin, thread) => admin.CloseBoard(thread.BoardId),
        ["POST /api/boards/{boardId}/reopen"] = async (admin, thread) =>
        {
            (await admin.CloseBoard(thread.BoardId)).ShouldBe(200);
            return await admin.ReopenBoard(thread.BoardId);
        },
        ["PUT /api/members/{memberId}/roles"] = async (admin, thread) =>
            await admin.GrantRoles(await thread.Starter.Id(), "moderator"),
        ["PUT /api/members/{memberId}/accounts/{accountId}"] = async (admin, thread) =>
            await admin.Claim((await ImportedMember.ArriveAsync(admin.Server.Database)).Id, await thread.Starter.Id()),
        ["DELETE /api/members/{memberId}/accounts/{accountId}"] = async (admin, thread) =>
        {
            var imported = await ImportedMember.ArriveAsync(admin.Server.Database);
            (await admin.Claim(imported.Id, await thread.Starter.Id())).ShouldBe(200);
            return await admin.Release(imported.Id, await thread.Starter.Id());
        },
        ["POST /api/threads"] = (admin, thread) => admin.StartThread(thread.BoardId, "Title", "Body."),
        ["POST /api/threads/{threadId}/replies"] = (admin, thread) => admin.Reply(thread.Id, "Body."),
        ["PUT /api/threads/{threadId}/title"] = (admin, thread) => admin.Rename(thread.Id, "Another", "Why."),
        ["POST /api/threads/{threadId}/lock"] = (admin, thread) => admin.Lock(thread.Id),
        ["POST /api/threads/{threadId}/unlock"] = async (admin, thread) =>
        {
            (await admin.Lock(thread.Id)).ShouldBe(200);
            return await admin.Unlock(thread.Id);
        },
        ["POST /api/threads/{threadId}/pin"] = (admin, thread) => admin.Pin(thread.Id),
        ["POST /api/threads/{threadId}/unpin"] = async (admin, thread) =>
        {
            (await admin.Pin(thread.Id)).ShouldBe(200);
            return await admin.Unpin(thread.Id);
        },
        ["PUT /api/posts/{postId}"] = (admin, thread) => admin.Edit(thread.FirstPostId, "Edited.", "Why."),
        ["POST /api/posts/{postId}/quotes"] = (admin, thread) => admin.Quote(thread.FirstPostId, "Body."),
        ["POST /api/posts/{postId}/remove"] = (admin, thread) => admin.Remove(thread.FirstPostId, "Why."),
        ["POST /api/posts/{postId}/restore"] = async (admin, thread) =>
        {
            (await thread.Starter.Remove(thread.FirstPostId)).ShouldBe(200);
            return await admin.Restore(thread.FirstPostId, "Why.");
        },
        ["POST /api/moderation/batches"] = (admin, thread) => admin.RemovePosts(thread.FirstPostId),
        ["POST /api/moderation/batches/{batchId}/undo"] = async (admin, thread) =>
            await admin.Undo((await admin.RemovePosts(thread.FirstPostId)).ShouldBe(201).Id("batchId")),
        ["POST /api/posts/{postId}/reports"] = (admin, thread) => admin.Report(thread.FirstPostId),
        ["POST /api/moderation/cases/{caseId}/take"] = async (admin, thread) =>
            await admin.Take(await CaseAsync(forum, admin, thread)),
        ["POST /api/moderation/cases/{caseId}/notes"] = async (admin, thread) =>
            await admin.Note(await CaseAsync(forum, admin, thread), "Why."),
        ["POST /api/moderation/cases/{caseId}/dismiss"] = async (admin, thread) =>
            await admin.Dismiss(await CaseAsync(forum, admin, thread)),
        ["POST /api/cases/{caseId}/appeal"] = async (admin, thread) =>
        {
            var post = (await admin.Reply(thread.Id, "Mine.")).ShouldBe(201).PostId;
            (await thread.Starter.Report(post)).ShouldBe(201);
            var other = forum.Moderator();
            var reported = await other.CaseOf(post);
            (await other.Resolve(reported, post)).ShouldBe(201);
            return await admin.Appeal(reported);
        },
        ["POST /api/moderation/cases/{caseId}/appeal/decision"] = async (admin, thread) =>
        {
            var other = forum.Moderator();
            var reported = await CaseAsync(forum, other, thread);
            (await other.Resolve(reported, thread.FirstPostId)).ShouldBe(201);
            (await thread.Starter.Appeal(reported)).ShouldBe(201);
            return await admin.DecideAppeal(reported, "overturned");
        },
        ["POST /api/members/{memberId}/erase"] = async (admin, thread) =>
            await admin.Erase(await thread.Starter.Id(), thread.Starter.Name, "name-and-words"),
        ["PUT /api/members/{memberId}/title"] = async (admin, thread) =>
            await admin.GrantTitle(await thread.Starter.Id(), "Keeper"),
        ["POST /api/views/{name}/pause"] = async (admin, _) =>
        {
            var answer = await admin.PauseView(View);
            (await admin.ResumeView(View)).ShouldBe(200);
            return answer;
        },
        ["POST /api/views/{name}/resume"] = async (admin, _) =>
        {
            (await admin.PauseView(View)).ShouldBe(200);
            return await admin.ResumeView(View);
        },
        ["POST /api/views/{name}/skip"] = async (admin, thread) =>
        {
            (await admin.PauseView(View)).ShouldBe(200);
            var reply = (await admin.Reply(thread.Id, "Body.")).ShouldBe(201);
            var answer = await admin.SkipViewEvent(View, reply.Position);
            (await admin.ResumeView(View)).ShouldBe(200);
            return answer;
        },
    };

    private static async Task<Guid> CaseAsync(ForumHost forum, TestMember moderator, TestThread thread)
    {
        (await forum.Member().Report(thread.FirstPostId)).ShouldBe(201);
        return await moderator.CaseOf(thread.FirstPostId);
    }

    private IEnumerable<string> WritingRoutes =>
        RouteTests
            .Routes(forum)
            .Where(route => route.Method is not ("GET" or "HEAD" or "OPTIONS"))
            .Where(route => route.Path.StartsWith("/api/", StringComparison.Ordinal))
            // It says what the batch would do.
            .Where(route => route.Path != "/api/moderation/batches/preview")
            .Select(route => $"{route.Method} {route.Path}");

    [Fact]
    public void every_route_that_may_change_something_is_tried_here() =>
        WritingRoutes.ShouldBe(uses.Keys, ignoreOrder: true);

    [Fact]
    public async Task every_route_that_may_change_something_appends_an_event()
    {
        foreach (var (route, use) in uses)
        {
            var thread = await forum.NewThread();
            var admin = forum.Admin();

            var answer = await use(admin, thread);

            answer.Status.ShouldBeInRange(200, 201, $"{route}: {answer}");
            var id = (await admin.Id()).ToString();
            (
                await forum.Database.ScalarAsync<long>(
                    "select count(*) from forum.mt_events where seq_id = $1 and user_name = $2 and type not in ('member_registered', 'token_roles_changed')",
                    answer.Position,
                    id
                )
            ).ShouldBe(1, route);
        }
    }

    [Fact]
    public async Task what_every_route_changed_is_what_its_events_say()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<string> projections;
        await using (var own = await ForumHost.StartAsync(database))
        {
            foreach (var (_, use) in new StateChangeTests(own).uses)
            {
                (await use(own.Admin(), await own.NewThread())).Status.ShouldBeInRange(200, 201);
            }

            projections = await ReadModels.CatchUpAsync(own);
            await database.CompletesErasuresAsync();
        }

        await ReadModels.ShouldEqualTheirRebuildAsync(database, projections);
    }

    [Fact]
    public async Task reading_changes_nothing()
    {
        var thread = await forum.NewThread();
        var reader = forum.Member();
        var memberId = await thread.Starter.Id();
        foreach (
            var path in (string[])
                [
                    "/api/boards",
                    $"/api/boards/{thread.BoardId}/threads?min-position={thread.Position}",
                    $"/api/threads/{thread.Id}",
                    $"/api/threads/{thread.Id}/events",
                    $"/api/threads/{thread.Id}/compare?from=0",
                    $"/api/posts/{thread.FirstPostId}/quoted-by",
                    $"/api/posts/{thread.FirstPostId}/answers",
                    "/api/events",
                    $"/api/posts/{thread.FirstPostId}",
                    $"/api/posts/{thread.FirstPostId}/quotable",
                    $"/api/posts/{thread.FirstPostId}/revisions",
                    $"/api/posts/{thread.FirstPostId}/diff",
                    $"/api/members/{memberId}",
                    "/api/members?name=x",
                ]
        )
        {
            (await reader.Get(path)).ShouldBe(200);
        }

        (await reader.Registrations()).ShouldBe(0);
        (await forum.Database.CountEventsAsync(thread.Id)).ShouldBe(1);
    }
}
