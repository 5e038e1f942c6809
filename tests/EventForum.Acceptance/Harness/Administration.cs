namespace EventForum.Acceptance.Harness;

/// <summary>What admins send: of boards, members and views.</summary>
internal static class Administration
{
    private static readonly object Everyone = new { everyone = true };
    private static readonly object Moderators = new { roles = (string[])["moderator"] };

    public static Task<Answer> CreateBoard(this TestMember admin, string boardName, string? description = null) =>
        admin.Send(HttpMethod.Post, "/api/boards", new { name = boardName, description });

    public static Task<Answer> ChangeBoard(
        this TestMember admin,
        Guid boardId,
        string boardName,
        string? description = null
    ) => admin.Send(HttpMethod.Put, $"/api/boards/{boardId}", new { name = boardName, description });

    /// <summary>Says who may do what on a board; what is left out is for everyone, and moderating for moderators.</summary>
    public static Task<Answer> Permit(
        this TestMember admin,
        Guid boardId,
        object? see = null,
        object? start = null,
        object? reply = null,
        object? moderate = null
    ) =>
        admin.Send(
            HttpMethod.Put,
            $"/api/boards/{boardId}/permissions",
            new
            {
                see = see ?? Everyone,
                start = start ?? Everyone,
                reply = reply ?? Everyone,
                moderate = moderate ?? Moderators,
            }
        );

    public static Task<Answer> PauseView(this TestMember admin, string view, string reason = "To look at it.") =>
        admin.Send(HttpMethod.Post, $"/api/views/{view}/pause", new { reason });

    public static Task<Answer> ResumeView(this TestMember admin, string view, string reason = "Looked at.") =>
        admin.Send(HttpMethod.Post, $"/api/views/{view}/resume", new { reason });

    public static Task<Answer> SkipViewEvent(
        this TestMember admin,
        string view,
        long position,
        string reason = "It fails."
    ) => admin.Send(HttpMethod.Post, $"/api/views/{view}/skip", new { position, reason });

    public static Task<Answer> PublishLog(this TestMember admin, Guid boardId, bool isPublic = true) =>
        admin.Send(HttpMethod.Put, $"/api/boards/{boardId}/moderation-log", new { isPublic });

    public static Task<Answer> CloseBoard(this TestMember admin, Guid boardId, string reason = "It is full.") =>
        admin.Send(HttpMethod.Post, $"/api/boards/{boardId}/close", new { reason });

    public static Task<Answer> ReopenBoard(this TestMember admin, Guid boardId, string reason = "There is room.") =>
        admin.Send(HttpMethod.Post, $"/api/boards/{boardId}/reopen", new { reason });

    public static Task<Answer> GrantRoles(this TestMember admin, Guid memberId, params string[] roles) =>
        admin.Send(HttpMethod.Put, $"/api/members/{memberId}/roles", new { roles });

    /// <summary>Says that who signs in as the second member is the imported one.</summary>
    public static Task<Answer> Claim(this TestMember admin, Guid importedId, Guid accountId) =>
        admin.Send(HttpMethod.Put, $"/api/members/{importedId}/accounts/{accountId}");

    public static Task<Answer> Release(this TestMember admin, Guid importedId, Guid accountId) =>
        admin.Send(HttpMethod.Delete, $"/api/members/{importedId}/accounts/{accountId}");

    public static Task<Answer> GrantTitle(this TestMember admin, Guid memberId, string? title) =>
        admin.Send(HttpMethod.Put, $"/api/members/{memberId}/title", new { title });
}
