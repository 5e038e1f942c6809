namespace EventForum.Acceptance.Harness;

/// <summary>What moderators send.</summary>
internal static class Desk
{
    private const string Batches = "/api/moderation/batches";

    public static Task<Answer> Batch(this TestMember moderator, object batch, string? key = null) =>
        moderator.Send(HttpMethod.Post, Batches, batch, key);

    public static Task<Answer> Preview(this TestMember moderator, object batch) =>
        moderator.Send(HttpMethod.Post, $"{Batches}/preview", batch);

    public static Task<Answer> Undo(this TestMember moderator, Guid batchId, string? reason = "A mistake.") =>
        moderator.Send(HttpMethod.Post, $"{Batches}/{batchId}/undo", new { reason });

    public static Task<Answer> RemovePosts(this TestMember moderator, params Guid[] posts) =>
        moderator.Batch(
            new
            {
                kind = "remove-posts",
                reason = "Spam.",
                posts,
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

    public static async Task<Guid> BatchOf(this TestMember reader, long position) =>
        Guid.Parse(
            (await reader.Get($"/api/events?after={position - 1}&limit=1"))
                .ShouldBe(200)
                .Json.GetProperty("events")[0]
                .GetProperty("causationId")
                .GetString()!
        );
}
