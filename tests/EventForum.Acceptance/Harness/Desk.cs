namespace EventForum.Acceptance.Harness;

/// <summary>What moderators send.</summary>
internal static class Desk
{
    private const string Batches = "/api/moderation/batches";

    private const string Cases = "/api/moderation/cases";

    public static Task<Answer> Rename(this TestMember moderator, Guid threadId, string title, string? reason = null) =>
        moderator.Send(HttpMethod.Put, $"/api/threads/{threadId}/title", new { title, reason });

    public static Task<Answer> Lock(this TestMember moderator, Guid threadId, string reason = "It is settled.") =>
        moderator.Send(HttpMethod.Post, $"/api/threads/{threadId}/lock", new { reason });

    public static Task<Answer> Unlock(
        this TestMember moderator,
        Guid threadId,
        string reason = "There is more to say."
    ) => moderator.Send(HttpMethod.Post, $"/api/threads/{threadId}/unlock", new { reason });

    public static Task<Answer> Pin(this TestMember moderator, Guid threadId, string? reason = null) =>
        moderator.Send(HttpMethod.Post, $"/api/threads/{threadId}/pin", new { reason });

    public static Task<Answer> Unpin(this TestMember moderator, Guid threadId, string? reason = null) =>
        moderator.Send(HttpMethod.Post, $"/api/threads/{threadId}/unpin", new { reason });

    public static Task<Answer> Remove(this TestMember moderator, Guid postId, string? reason = null) =>
        moderator.Send(HttpMethod.Post, $"/api/posts/{postId}/remove", new { reason });

    public static Task<Answer> Restore(this TestMember moderator, Guid postId, string? reason = null) =>
        moderator.Send(HttpMethod.Post, $"/api/posts/{postId}/restore", new { reason });

    public static Task<Answer> Batch(this TestMember moderator, object batch, string? key = null) =>
        moderator.Send(HttpMethod.Post, Batches, batch, key);

    public static Task<Answer> Preview(this TestMember moderator, object batch) =>
        moderator.Send(HttpMethod.Post, $"{Batches}/preview", batch);

    public static Task<Answer> Undo(this TestMember moderator, Guid batchId, string? reason = "A mistake.") =>
        moderator.Send(HttpMethod.Post, $"{Batches}/{batchId}/undo", new { reason });

    public static Task<Answer> Erase(
        this TestMember admin,
        Guid memberId,
        string name,
        string scope,
        string? reason = "Asked for it."
    ) =>
        admin.Send(
            HttpMethod.Post,
            $"/api/members/{memberId}/erase",
            new
            {
                scope,
                reason,
                name,
            }
        );

    public static Task<Answer> Redact(this TestMember admin, Guid postId, int revision) =>
        admin.Batch(Redaction(postId, revision));

    public static object Redaction(Guid postId, int revision) =>
        new
        {
            kind = "redact-revision",
            reason = "Private.",
            postId,
            revision,
        };

    public static Task<Answer> RemovePosts(this TestMember moderator, params Guid[] posts) =>
        moderator.Batch(
            new
            {
                kind = "remove-posts",
                reason = "Spam.",
                posts,
            }
        );

    public static async Task<Answer> Silence(this TestMember moderator, TestMember member) =>
        await moderator.Batch(
            new
            {
                kind = "silence-member",
                reason = "Noise.",
                memberId = await member.Id(),
            }
        );

    public static Task<Answer> Move(this TestMember moderator, Guid boardId, params Guid[] threads) =>
        moderator.Batch(
            new
            {
                kind = "move-threads",
                reason = "It belongs there.",
                threads,
                boardId,
            }
        );

    public static Task<Answer> MovePosts(
        this TestMember moderator,
        Guid threadId,
        IEnumerable<Guid> posts,
        string? order = null
    ) =>
        moderator.Batch(
            new
            {
                kind = "move-posts",
                reason = "It belongs there.",
                posts,
                threadId,
                order,
            }
        );

    public static Task<Answer> Split(
        this TestMember moderator,
        Guid threadId,
        IEnumerable<Guid> posts,
        string title = "Another matter"
    ) =>
        moderator.Batch(
            new
            {
                kind = "split-thread",
                reason = "Another matter.",
                threadId,
                posts,
                title,
            }
        );

    public static async Task<Guid> BatchOf(this TestMember reader, long position) =>
        Guid.Parse((await reader.EventAt(position)).GetProperty("causationId").GetString()!);

    public static Task<Answer> Report(
        this TestMember member,
        Guid postId,
        string? reason = "spam",
        string? text = null,
        string? key = null
    ) => member.Send(HttpMethod.Post, $"/api/posts/{postId}/reports", new { reason, text }, key);

    /// <summary>The open case that a post has; as a moderator.</summary>
    public static async Task<Guid> CaseOf(this TestMember moderator, Guid postId)
    {
        for (var after = ""; ; )
        {
            var page = (await moderator.Get($"{Cases}?limit=100{after}")).ShouldBe(200).Json;
            foreach (var one in page.GetProperty("cases").EnumerateArray())
            {
                if (one.GetProperty("postId").GetGuid() == postId)
                {
                    return one.GetProperty("caseId").GetGuid();
                }
            }

            after = $"&after={page.GetProperty("next").GetString().ShouldNotBeNull("The post has no open case.")}";
        }
    }

    public static Task<Answer> Take(this TestMember moderator, Guid caseId) =>
        moderator.Send(HttpMethod.Post, $"{Cases}/{caseId}/take");

    public static Task<Answer> Note(this TestMember moderator, Guid caseId, string? text) =>
        moderator.Send(HttpMethod.Post, $"{Cases}/{caseId}/notes", new { text });

    public static Task<Answer> Dismiss(this TestMember moderator, Guid caseId, string? explanation = "It is fine.") =>
        moderator.Send(HttpMethod.Post, $"{Cases}/{caseId}/dismiss", new { explanation });

    /// <summary>Resolves a case by removing its post.</summary>
    public static Task<Answer> Resolve(
        this TestMember moderator,
        Guid caseId,
        Guid postId,
        string? explanation = null
    ) =>
        moderator.Batch(
            new
            {
                kind = "remove-posts",
                reason = "Spam.",
                posts = new[] { postId },
                caseId,
                explanation,
            }
        );

    /// <summary>A case that was resolved by removing its post, and the batch that did it.</summary>
    public static async Task<(Guid Case, Guid Batch)> ResolvedCase(this ForumServer forum, Guid postId)
    {
        var moderator = forum.Moderator();
        (await forum.Member().Report(postId)).ShouldBe(201);
        var known = await moderator.CaseOf(postId);
        return (known, (await moderator.Resolve(known, postId)).ShouldBe(201).Id("batchId"));
    }

    public static Task<Answer> Appeal(this TestMember author, Guid caseId, string? text = "It is none.") =>
        author.Send(HttpMethod.Post, $"/api/cases/{caseId}/appeal", new { text });

    public static Task<Answer> DecideAppeal(
        this TestMember moderator,
        Guid caseId,
        string? outcome,
        string? explanation = "We looked again."
    ) => moderator.Send(HttpMethod.Post, $"{Cases}/{caseId}/appeal/decision", new { outcome, explanation });
}
