using System.Security.Claims;
using EventForum.Access;
using EventForum.Platform;

namespace EventForum.Members;

/// <summary>Finds out who asks. Authorization then goes by the roles that are recorded, not by those that a token claims.</summary>
public sealed class Readers(CurrentAccessRules rules, MemberDirectory directory, RoleRecorder recorder)
{
    private const string RoleClaim = "roles";

    /// <summary>After authentication and rate limits, before authorization.</summary>
    public static void Use(WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (http.User.Identity is { IsAuthenticated: true })
                {
                    var readers = http.RequestServices.GetRequiredService<Readers>();
                    var (refusal, reader) = await readers.RecogniseAsync(http);
                    if (refusal is not null && !HttpMethods.IsGet(http.Request.Method) && !Head.IsWanted(http))
                    {
                        await refusal.AnswerAsync(http);
                        return;
                    }

                    Believe(http, reader);
                }

                await next(http);
            }
        );

    /// <summary>Whoever sent this request.</summary>
    public async ValueTask<Reader> OfAsync(HttpContext http)
    {
        if (http.Features.Get<Reader>() is not { } reader)
        {
            reader = new Reader(null, null, await RulesAsync(http));
            http.Features.Set(reader);
        }

        return reader;
    }

    /// <summary>The same person now, for an answer that goes on for long.</summary>
    public async ValueTask<Reader> NowAsync(Reader reader, CancellationToken cancellation) =>
        reader.Under(await rules.GetAsync(cancellation));

    private async Task<(Refusal? Refusal, Reader Reader)> RecogniseAsync(HttpContext http)
    {
        var caller = Caller.From(http.User);
        var known = await RulesAsync(http);
        Refusal? refusal = null;
        if (NewRoles(http, known.RolesOf(caller.Subject)) is { } met)
        {
            refusal = await recorder.RecordAsync(http, caller, met);
            known = await rules.GetAsync(http.RequestAborted);
        }

        var member = await directory.FindAsync(caller.Subject, http.RequestAborted);
        return (refusal, new Reader(caller.Subject, member?.Id, known));
    }

    /// <summary>Who names a position is answered by rules that are no older.</summary>
    private ValueTask<AccessRules> RulesAsync(HttpContext http) =>
        rules.GetAsync(http.RequestAborted, fresh: http.Request.Query.ContainsKey("min-position"));

    /// <summary>The token's roles where they are not those of the newest token that was met; else null.</summary>
    private static TokenRolesChanged? NewRoles(HttpContext http, RecordedRoles? known)
    {
        var issuedAt = http.Features.Get<AcceptedToken>()!.IssuedAt;
        string[] roles =
        [
            .. http
                .User.FindAll(RoleClaim)
                .Select(claim => claim.Value)
                .Where(role => role != Role.Member && PlainLine.RefusalOf(role, "role", 1, Role.MaxLength) is null)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Take(TokenRolesChanged.MaxRoles),
        ];
        return RecordedRoles.AreChangedBy(known, roles, issuedAt) ? new TokenRolesChanged(roles, issuedAt) : null;
    }

    private static void Believe(HttpContext http, Reader reader)
    {
        http.Features.Set(reader);
        var identity = (ClaimsIdentity)http.User.Identity!;
        foreach (var claim in identity.FindAll(RoleClaim).ToList())
        {
            identity.RemoveClaim(claim);
        }

        identity.AddClaims(reader.Roles.Select(role => new Claim(RoleClaim, role)));
        if (reader.SeesMoreThanGuests)
        {
            Caching.KeepNothing(http);
        }
    }
}
