using System.Security.Claims;
using Marten;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Platform;

/// <summary>
/// Who may write: the bearer of a token, from an OpenID Connect provider or signed with the forum's own key. Every
/// endpoint demands a token unless it says that anyone may use it.
/// </summary>
public static class AuthenticationModule
{
    public const string Cookie = "eventforum";

    public const string LocalIssuer = "eventforum";

    /// <summary>How long a local token lasts unless it is asked for otherwise.</summary>
    public static readonly TimeSpan LocalLifetime = TimeSpan.FromDays(30);

    /// <summary>How far a provider's clock may be from ours; a local token is signed on one of the forum's machines.</summary>
    private static readonly TimeSpan ProviderSkew = TimeSpan.FromMinutes(1);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var settings = TokenOptions.Of(builder.Configuration);
        builder.Services.AddSingleton<Revocations>();
        builder.Services.ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.Add(Revocations.Schema()));
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                options.MapInboundClaims = false;
                options.TokenValidationParameters.NameClaimType = "name";
                options.TokenValidationParameters.RoleClaimType = "roles";
                options.Events = new JwtBearerEvents { OnMessageReceived = ReadCookie, OnTokenValidated = CheckAsync };
                if (settings.Authority is not null)
                {
                    options.Authority = settings.Authority;
                    options.Audience = settings.Audience;
                    options.TokenValidationParameters.ClockSkew = ProviderSkew;
                }
                else if (settings.TakesLocalTokens(builder.Environment))
                {
                    options.TokenValidationParameters.ValidIssuer = LocalIssuer;
                    options.TokenValidationParameters.ValidAudience = LocalIssuer;
                    options.TokenValidationParameters.ClockSkew = TimeSpan.Zero;
                    options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
                    options.TokenValidationParameters.IssuerSigningKey = LocalKey.Of(builder.Configuration);
                }
            });
        builder
            .Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, NothingThereIsOpen>();
    }

    /// <summary>A token signed with this machine's key.</summary>
    /// <param name="lifetime">Null for <see cref="LocalLifetime"/>.</param>
    public static string LocalToken(
        IConfiguration configuration,
        string name,
        IEnumerable<string> roles,
        TimeProvider clock,
        TimeSpan? lifetime = null
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = LocalIssuer,
                Audience = LocalIssuer,
                IssuedAt = now,
                // The clock of the server that is shown it may be behind.
                NotBefore = now.AddMinutes(-1),
                Expires = now + (lifetime ?? LocalLifetime),
                Subject = new ClaimsIdentity([
                    new Claim(JwtRegisteredClaimNames.Jti, Guid.CreateVersion7().ToString()),
                    new Claim(JwtRegisteredClaimNames.Sub, LocalSubject(name)),
                    new Claim("name", name),
                    .. roles.Select(role => new Claim("roles", role)),
                ]),
                SigningCredentials = new SigningCredentials(LocalKey.Of(configuration), SecurityAlgorithms.HmacSha256),
            }
        );
    }

    public static string LocalSubject(string name) => name.ToLowerInvariant();

    private static Task ReadCookie(MessageReceivedContext context)
    {
        if (!context.Request.Headers.ContainsKey("Authorization"))
        {
            context.Token = context.Request.Cookies[Cookie];
        }

        return Task.CompletedTask;
    }

    private static async Task CheckAsync(TokenValidatedContext context)
    {
        if (!Caller.IsNamedBy(context.Principal!))
        {
            context.Fail("The token names no subject.");
            return;
        }

        var token = AcceptedToken.Of(
            (JsonWebToken)context.SecurityToken,
            context.Options.TokenValidationParameters.ClockSkew
        );
        var revocations = context.HttpContext.RequestServices.GetRequiredService<Revocations>();
        if (await revocations.CoverAsync(token, context.HttpContext.RequestAborted))
        {
            context.Fail("The token has been revoked.");
            return;
        }

        context.HttpContext.Features.Set(token);
    }

    /// <summary>
    /// That there is nothing at an address, or nothing for a method, is said to everybody: routing answers it with no
    /// endpoint of ours, and no metadata could open one.
    /// </summary>
    private sealed class NothingThereIsOpen : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler others = new();

        public Task HandleAsync(
            RequestDelegate next,
            HttpContext context,
            AuthorizationPolicy policy,
            PolicyAuthorizationResult authorizeResult
        ) =>
            context.GetEndpoint() is RouteEndpoint
                ? others.HandleAsync(next, context, policy, authorizeResult)
                : next(context);
    }
}
