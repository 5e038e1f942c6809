using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Platform;

/// <summary>Who may write: the bearer of a token, from an OpenID Connect provider or signed with this machine's key.</summary>
public static class AuthenticationModule
{
    public const string Cookie = "eventforum";

    public const string LocalIssuer = "eventforum";

    /// <summary>Writing a key takes no time; a lock that is held longer has another reason, which is told.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var authority = builder.Configuration["Authentication:Authority"];
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                options.MapInboundClaims = false;
                options.TokenValidationParameters.NameClaimType = "name";
                options.TokenValidationParameters.RoleClaimType = "roles";
                options.Events = new JwtBearerEvents
                {
                    OnMessageReceived = ReadCookie,
                    OnTokenValidated = RequireSubject,
                };
                if (authority is not null)
                {
                    options.Authority = authority;
                    options.Audience = builder.Configuration["Authentication:Audience"];
                }
                else
                {
                    options.TokenValidationParameters.ValidIssuer = LocalIssuer;
                    options.TokenValidationParameters.ValidAudience = LocalIssuer;
                    options.TokenValidationParameters.IssuerSigningKey = LocalKey(builder.Configuration);
                }
            });
        builder.Services.AddAuthorization();
    }

    /// <summary>A token signed with this machine's key.</summary>
    public static string LocalToken(
        IConfiguration configuration,
        string name,
        IEnumerable<string> roles,
        TimeProvider clock
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = LocalIssuer,
                Audience = LocalIssuer,
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddDays(365),
                Subject = new ClaimsIdentity([
                    new Claim("sub", name.ToLowerInvariant()),
                    new Claim("name", name),
                    .. roles.Select(role => new Claim("roles", role)),
                ]),
                SigningCredentials = new SigningCredentials(LocalKey(configuration), SecurityAlgorithms.HmacSha256),
            }
        );
    }

    private static Task ReadCookie(MessageReceivedContext context)
    {
        if (!context.Request.Headers.ContainsKey("Authorization"))
        {
            context.Token = context.Request.Cookies[Cookie];
        }

        return Task.CompletedTask;
    }

    private static Task RequireSubject(TokenValidatedContext context)
    {
        if (context.Principal?.FindFirst("sub") is null)
        {
            context.Fail("The token names no subject.");
        }

        return Task.CompletedTask;
    }

    /// <summary>The signing key of a forum without an identity provider: made on first use, readable by its owner only.</summary>
    private static SymmetricSecurityKey LocalKey(IConfiguration configuration)
    {
        var folder = configuration["EVENTFORUM_DATA"] ?? ".data";
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "token.key");
        if (!File.Exists(path))
        {
            // Whoever starts at the same time waits: a key that replaces another makes that one's tokens worthless.
            using var turn = WaitForTurn(path + ".lock");
            if (!File.Exists(path))
            {
                MakeKey(path);
            }
        }

        return new SymmetricSecurityKey(File.ReadAllBytes(path));
    }

    /// <summary>A lock that goes with the process, however that ends.</summary>
    private static FileStream WaitForTurn(string path)
    {
        FileStream? turn = null;
        IOException? taken = null;
        if (!SpinWait.SpinUntil(IsMine, LongestTurn))
        {
            throw new IOException($"{path} cannot be locked. Delete it if no forum is starting.", taken);
        }

        return turn!;

        bool IsMine()
        {
            try
            {
                turn = new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    bufferSize: 1,
                    FileOptions.DeleteOnClose
                );
                return true;
            }
            catch (IOException e)
            {
                taken = e;
                return false;
            }
        }
    }

    /// <summary>The key is there whole or not at all.</summary>
    private static void MakeKey(string path)
    {
        var draft = path + ".draft";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(64));
        }

        File.Move(draft, path);
    }
}
