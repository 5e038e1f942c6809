using System.Security.Claims;

namespace EventForum.Platform;

/// <summary>Who sends a command, as the token says.</summary>
/// <param name="Subject">Issuer and subject: stable, and unique over all issuers.</param>
/// <param name="Name">The name that the member gets when it registers.</param>
public sealed record Caller(string Subject, string Name, bool IsModerator, bool IsAdmin)
{
    /// <summary>As OpenID Connect has it.</summary>
    private const int MaxSubject = 255;

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

    /// <summary>Whether the token says whom it is about: one subject, of characters that can be kept.</summary>
    public static bool IsNamedBy(ClaimsPrincipal user) =>
        user.FindAll("sub").ToList() is [{ Value: { Length: <= MaxSubject } subject }]
        && !string.IsNullOrWhiteSpace(subject)
        && PlainLine.RefusalOf(subject, "subject", 1, MaxSubject) is null;
}
