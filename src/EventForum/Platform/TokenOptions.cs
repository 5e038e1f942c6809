namespace EventForum.Platform;

/// <summary>Whose tokens a server takes: the section <c>Authentication</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>The address of an OpenID Connect provider. Without one, tokens are signed with the forum's own key.</summary>
    public string? Authority { get; set; }

    /// <summary>Which of the provider's tokens are for this forum, as their <c>aud</c> says. An authority demands it.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// Whether tokens that are signed with the forum's own key, <c>token.key</c> in EVENTFORUM_DATA, are taken where
    /// there is no authority: who can read that file can be anybody. Unless it is set, they are in Development only.
    /// </summary>
    public bool? LocalTokens { get; set; }

    public bool TakesLocalTokens(IHostEnvironment host) => Authority is null && (LocalTokens ?? host.IsDevelopment());

    public static TokenOptions Of(IConfiguration configuration) =>
        configuration.GetSection("Authentication").Get<TokenOptions>() ?? new TokenOptions();

    /// <summary>Why nobody could sign in, in a sentence; null when somebody can.</summary>
    public string? ReasonNotToServe(IHostEnvironment host) =>
        Authority is not null && string.IsNullOrWhiteSpace(Audience)
            ? "Authentication__Authority is set and Authentication__Audience is not: set it to what the provider's tokens for this forum name as their audience."
        : Authority is null && !TakesLocalTokens(host)
            ? "There is no identity provider: set Authentication__Authority and Authentication__Audience, or Authentication__LocalTokens=true to take tokens that are signed with token.key in EVENTFORUM_DATA."
        : null;
}
