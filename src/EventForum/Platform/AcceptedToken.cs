using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventForum.Platform;

/// <summary>The token that a request came with, as far as its end is concerned.</summary>
/// <param name="Key">
/// Names it among all tokens: its issuer and <c>jti</c>, or a hash of what is signed where it has none. The signature
/// itself can be written in several ways.
/// </param>
/// <param name="SubjectKey">Names whom it is about: its issuer and subject.</param>
/// <param name="IssuedAt">To the second; the beginning of time where the token does not say.</param>
/// <param name="EndsAt">From when on it is no longer taken.</param>
public sealed record AcceptedToken(string Key, string SubjectKey, DateTimeOffset IssuedAt, DateTimeOffset EndsAt)
{
    /// <param name="skew">How long after its end a token is taken still.</param>
    public static AcceptedToken Of(JsonWebToken token, TimeSpan skew) =>
        new(
            KeyOf(token),
            KeyOfSubject(token.Issuer, token.Subject),
            token.IssuedAt == DateTime.MinValue ? DateTimeOffset.MinValue : Utc(token.IssuedAt),
            token.ValidTo >= DateTime.MaxValue - skew ? DateTimeOffset.MaxValue : Utc(token.ValidTo + skew)
        );

    public static string KeyOf(JsonWebToken token) =>
        string.IsNullOrEmpty(token.Id)
            ? HashOf($"{token.EncodedHeader}.{token.EncodedPayload}")
            : KeyOfId(token.Issuer, token.Id);

    public static string KeyOfId(string issuer, string id) => HashOf($"id {issuer}#{id}");

    public static string KeyOfSubject(string issuer, string subject) => HashOf($"subject {issuer}#{subject}");

    /// <summary>Short, and fit for any database, whatever an issuer puts into its tokens.</summary>
    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
