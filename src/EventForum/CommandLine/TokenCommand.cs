using EventForum.Platform;
using JasperFx.CommandLine;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace EventForum.CommandLine;

public sealed class TokenInput
{
    [Description("The name that the member gets: 1 to 50 characters that show, of one script; or revoke")]
    public string Name { get; set; } = "";

    [Description("What to revoke: a token, a token's id, or with --all a member's name")]
    public string Target { get; set; } = "";

    [Description("Roles, separated by commas: member, moderator, admin")]
    [FlagAlias("roles", true)]
    public string RolesFlag { get; set; } = "member";

    [Description("How many days it lasts, 1 to 3650; 30 without it")]
    [FlagAlias("days", true)]
    public int DaysFlag { get; set; } = (int)AuthenticationModule.LocalLifetime.TotalDays;

    [Description("Revoke every token that was issued to the member so far; of a provider's, name ISSUER#SUBJECT")]
    [FlagAlias("all", true)]
    public bool AllFlag { get; set; }
}

/// <summary>Prints a bearer token signed with this machine's key, or revokes tokens.</summary>
[Description("Print a bearer token signed with this machine's key, or revoke tokens", Name = "token")]
public sealed class TokenCommand : JasperFxAsyncCommand<TokenInput>
{
    private const int MaxDays = 3_650;

    private readonly IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();

    public TokenCommand()
    {
        Usage("token NAME")
            .Arguments(input => input.Name)
            .ValidFlags(input => input.RolesFlag, input => input.DaysFlag);
        Usage("token revoke TOKEN|ID, or token revoke NAME --all")
            .Arguments(input => input.Name, input => input.Target)
            .ValidFlags(input => input.AllFlag);
    }

    public override async Task<bool> Execute(TokenInput input)
    {
        if (input.Target.Length > 0)
        {
            return input.Name == "revoke"
                ? await RevokeAsync(input)
                : Refuse($"There is no token {input.Name}: token NAME prints one, token revoke … revokes.");
        }

        if (input.DaysFlag is < 1 or > MaxDays)
        {
            return Refuse($"A token lasts 1 to {MaxDays} days.");
        }

        var roles = input.RolesFlag.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Console.WriteLine(
            AuthenticationModule.LocalToken(
                configuration,
                input.Name,
                roles,
                TimeProvider.System,
                TimeSpan.FromDays(input.DaysFlag)
            )
        );
        return true;
    }

    private async Task<bool> RevokeAsync(TokenInput input)
    {
        if (configuration["EVENTFORUM_DB"] is not { } database)
        {
            return Refuse("EVENTFORUM_DB is not set: revocations are kept in the forum's database.");
        }

        if (KeyOf(input) is not { } key)
        {
            return Refuse("Name a token, a token's id (its jti), or a member's name with --all.");
        }

        await using var source = NpgsqlDataSource.Create(database);
        try
        {
            await Revocations.AddAsync(source, key, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Refuse("This database holds no forum yet: nobody can have used a token here.");
        }

        Console.WriteLine("Revoked: every server refuses it within seconds, and ends what it listens to.");
        return true;
    }

    private static string? KeyOf(TokenInput input)
    {
        var target = input.Target.Trim();
        if (input.AllFlag)
        {
            return target.LastIndexOf('#') is > 0 and var end
                ? AcceptedToken.KeyOfSubject(target[..end], target[(end + 1)..])
                : AcceptedToken.KeyOfSubject(
                    AuthenticationModule.LocalIssuer,
                    AuthenticationModule.LocalSubject(target)
                );
        }

        return new JsonWebTokenHandler().CanReadToken(target) ? AcceptedToken.KeyOf(new JsonWebToken(target))
            : Guid.TryParse(target, out var id) ? AcceptedToken.KeyOfId(AuthenticationModule.LocalIssuer, id.ToString())
            : null;
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
