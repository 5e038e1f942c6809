using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Platform;

/// <summary>The signing key of a forum without an identity provider.</summary>
internal static class LocalKey
{
    public static SymmetricSecurityKey Of(IConfiguration configuration) =>
        new(
            KeyFile.ReadOrMake(
                Path.Combine(configuration["EVENTFORUM_DATA"] ?? ".data", "token.key"),
                () => RandomNumberGenerator.GetBytes(64)
            )
        );
}
