using EventForum.Platform;

namespace EventForum.History;

/// <summary>What a reader of the history may see.</summary>
/// <param name="Removed">The words of posts that were removed.</param>
/// <param name="Subjects">By which subject of their tokens members sign in.</param>
public readonly record struct HistorySight(bool Removed, bool Subjects)
{
    public static HistorySight Of(HttpContext http) =>
        http.User.Identity is { IsAuthenticated: true } && Caller.From(http.User) is var caller
            ? new HistorySight(caller.IsModerator, caller.IsAdmin)
            : default;
}
