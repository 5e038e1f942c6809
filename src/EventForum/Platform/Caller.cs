using System.Security.Claims;

namespace EventForum.Platform;

/// <summary>Who sends a command, as the token says.</summary>
/// <param name="Subject">Issuer and subject: stable, and unique over all issuers.</param>
/// <param name="Name">The name that the member gets when it registers.</param>
public sealed record Caller(string Subject, string Name, bool IsModerator, bool IsAdmin)
{
    public static Caller From(ClaimsPrincipal user)
    {
        var subject =
            user.FindFirst("sub") ?? throw new InvalidOperationException("An authenticated token names its subject.");
        return new Caller(
            subject.Issuer + "#" + subject.Value,
            user.FindFirst("name")?.Value ?? user.FindFirst("preferred_username")?.Value ?? subject.Value,
            IsModerating(user),
            user.IsInRole("admin")
        );
    }

    /// <summary>Whether somebody sees what has been removed: nobody does whose token is not valid.</summary>
    public static bool IsModerating(ClaimsPrincipal user) => user.IsInRole("moderator") || user.IsInRole("admin");
}
