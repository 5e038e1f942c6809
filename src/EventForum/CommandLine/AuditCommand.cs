using EventForum.Transparency;
using JasperFx.CommandLine;

namespace EventForum.CommandLine;

public sealed class AuditInput : HostInput
{
    [Description("post, thread, member, batch or board; visibility; key, verify, witness or retain")]
    public string Verb { get; set; } = "";

    [Description(
        "Of what: its id, or its address; a member's name will do; for visibility, a post; for witness, the address of the other forum"
    )]
    public string Id { get; set; } = "";

    [FlagAlias("actor", true)]
    [Description("Only what this member did: its name or id")]
    public string ActorFlag { get; set; } = "";

    [FlagAlias("types", true)]
    [Description("Only these types of events, separated by commas")]
    public string TypesFlag { get; set; } = "";

    [FlagAlias("member", true)]
    [Description("visibility: whether this member could read the post: its name or id")]
    public string MemberFlag { get; set; } = "";

    [FlagAlias("guest", true)]
    [Description("visibility: whether a guest could")]
    public bool GuestFlag { get; set; }

    [FlagAlias("at", true)]
    [Description("visibility: at this time, as in 2026-03-01T12:00:00Z; now without it")]
    public string AtFlag { get; set; } = "";

    [FlagAlias("from", true)]
    [Description("Only at this time or later, as in 2026-03-01 or 2026-03-01T12:00:00Z")]
    public string FromFlag { get; set; } = "";

    [FlagAlias("to", true)]
    [Description("Only before this time")]
    public string ToFlag { get; set; } = "";

    [FlagAlias("json", true)]
    [Description("Print an entry a line, as JSON")]
    public bool JsonFlag { get; set; }

    [FlagAlias("csv", true)]
    [Description("Print a table for spreadsheets")]
    public bool CsvFlag { get; set; }

    [FlagAlias("checkpoint", true)]
    [Description("verify: a file with a checkpoint that somebody kept, which the log must have passed through")]
    public string CheckpointFlag { get; set; } = "";

    [FlagAlias("log-only", true)]
    [Description("verify: the log alone, and nothing that is made of the events")]
    public bool LogOnlyFlag { get; set; }

    [FlagAlias("key", true)]
    [Description("witness: the verifier key of the other forum's log, to be named the first time")]
    public string KeyFlag { get; set; } = "";

    [FlagAlias("every", true)]
    [Description("witness: look again so often, as in 1m, until the command is ended")]
    public string EveryFlag { get; set; } = "";

    [FlagAlias("by", true)]
    [Description("retain: who does it, the name of a member")]
    public string ByFlag { get; set; } = "";

    [FlagAlias("yes", true)]
    [Description("retain: do not ask")]
    public bool YesFlag { get; set; }

    [Description("The forum to ask; EVENTFORUM_URL, or the one that make run starts")]
    public string? UrlFlag { get; set; }
}

/// <summary>Tells the stories of what is in a running forum, and compares all that is stored with the transparency log.</summary>
[Description(
    "Tell everything that ever happened to a post, a thread, a member, a batch or a board, and who could read a post at a time; compare all that is stored with the transparency log, print its key, cosign another forum's log, or take out what is not to be kept for longer",
    Name = "audit"
)]
public sealed class AuditCommand : JasperFxAsyncCommand<AuditInput>
{
    public AuditCommand()
    {
        Usage(
                "audit post ID, audit thread ID, audit member ID, audit batch ID, audit board ID, audit visibility POST, audit witness URL"
            )
            .Arguments(input => input.Verb, input => input.Id);
        Usage("audit key, audit verify, audit retain").Arguments(input => input.Verb);
    }

    public override async Task<bool> Execute(AuditInput input)
    {
        switch (input.Verb)
        {
            case "post" or "thread" or "member" or "batch" or "board":
                return await RunningForum.AskAsync(input.UrlFlag, forum => StoryTable.ShowAsync(forum, input));
            case "visibility":
                return await RunningForum.AskAsync(input.UrlFlag, forum => VisibilityTable.ShowAsync(forum, input));
            case "key":
                var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
                Console.WriteLine(LogKey.Of(configuration).Verifier);
                Console.WriteLine(Cosignature.KeyOf(LogKey.OfWitness(configuration)));
                return true;
            case "witness":
                return await AuditWitness.RunAsync(input);
            case "verify":
                return await AuditVerification.RunAsync(input);
            case "retain":
                return await AuditRetention.RunAsync(input);
            default:
                return Refuse(
                    $"There is no audit {input.Verb}: post, thread, member, batch, board, visibility, key, verify, witness or retain."
                );
        }
    }

    internal static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
