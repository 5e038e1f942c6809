using JasperFx.CommandLine;

namespace EventForum.Platform;

public sealed class TokenInput
{
    [Description("The name that the member gets")]
    public string Name { get; set; } = "";

    [Description("Roles, separated by commas: member, moderator, admin")]
    [FlagAlias("roles", true)]
    public string RolesFlag { get; set; } = "member";
}

/// <summary>Prints a bearer token signed with this machine's key.</summary>
[Description("Print a bearer token signed with this machine's key", Name = "token")]
public sealed class TokenCommand : JasperFxCommand<TokenInput>
{
    public TokenCommand() => Usage("token NAME").Arguments(input => input.Name);

    public override bool Execute(TokenInput input)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var roles = input.RolesFlag.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Console.WriteLine(AuthenticationModule.LocalToken(configuration, input.Name, roles, TimeProvider.System));
        return true;
    }
}
