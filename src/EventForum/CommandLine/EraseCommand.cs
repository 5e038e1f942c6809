using EventForum.Erasure;
using EventForum.Members;
using EventForum.Platform;
using JasperFx.CommandLine;
using Marten;

namespace EventForum.CommandLine;

public sealed class EraseInput : HostInput
{
    [Description("The member: a name or an id")]
    public string Member { get; set; } = "";

    [FlagAlias("by", true)]
    [Description("Who does it: the name of a member")]
    public string ByFlag { get; set; } = "";

    [FlagAlias("reason", true)]
    [Description("Why, for moderators: 1-500 characters")]
    public string ReasonFlag { get; set; } = "";

    [FlagAlias("words", true)]
    [Description("Also all that the person wrote")]
    public bool WordsFlag { get; set; }

    [FlagAlias("yes", true)]
    [Description("Do not ask for the name to be typed")]
    public bool YesFlag { get; set; }

    internal ErasureScope Scope => WordsFlag ? ErasureScope.NameAndWords : ErasureScope.Name;
}

/// <summary>Takes a person out of the forum.</summary>
[Description(
    "Take a person out of the forum for good: the name, and with --words all that the person wrote. No server may run",
    Name = "erase"
)]
public sealed class EraseCommand : JasperFxAsyncCommand<EraseInput>
{
    public EraseCommand() => Usage("erase MEMBER").Arguments(input => input.Member);

    public override async Task<bool> Execute(EraseInput input)
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var plans = input.Services.GetRequiredService<ErasurePlans>();
        var erasures = input.Services.GetRequiredService<Erasures>();
        if (PlainLine.RefusalOf(input.ReasonFlag, "reason", 1, 500) is { } flaw)
        {
            return Refuse($"{flaw.Detail} Say why with --reason.");
        }

        await using var session = input.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var by = MemberName.Key(input.ByFlag);
        if (await session.Query<Member>().FirstOrDefaultAsync(one => one.NameKey == by) is not { } operatedBy)
        {
            return Refuse("Say who does it with --by: the name of a member.");
        }

        var key = MemberName.Key(input.Member);
        var named = Guid.TryParse(input.Member, out var id)
            ? await session.LoadAsync<Member>(id)
            : await session.Query<Member>().FirstOrDefaultAsync(one => one.NameKey == key);
        if (named is null)
        {
            return Refuse($"There is no member {input.Member}.");
        }

        if (named.Id == operatedBy.Id)
        {
            return Refuse(ErasureRefusals.NobodyErasesThemselves.Title);
        }

        var erasure = (
            await Platform.Progress.ShowAsync(
                "Looking through the events",
                clock,
                progress => plans.OfAsync(named.Id, input.Scope, CancellationToken.None, progress)
            )
        )!;
        Console.WriteLine(
            $"{erasure.Name} becomes {erasure.Becomes}. {erasure.Counts.Sum(count => count.Events):N0} events lose something:"
        );
        foreach (var count in erasure.Counts)
        {
            Console.WriteLine($"  {count.Type}: {count.Events:N0}");
        }

        if (erasure.Mentions.Count > 0)
        {
            Console.WriteLine(
                $"Others wrote the name in {erasure.Mentions.Count:N0} posts, which stay as they are. Whether they mean the person, decide yourself:"
            );
            foreach (var post in erasure.Mentions)
            {
                Console.WriteLine($"  /posts/{post}");
            }
        }

        if (!input.YesFlag)
        {
            Console.Write("Nothing can bring it back. Type the member's name to go on: ");
            if (Console.ReadLine()?.Trim() != erasure.Name)
            {
                return Refuse("That is not the name. Nothing was changed.");
            }
        }

        var (refusal, _) = await Platform.Progress.ShowAsync(
            "Taking it out of the events",
            clock,
            progress =>
                erasures.RunAsync(
                    named.Id,
                    input.Scope,
                    name: erasure.Name,
                    input.ReasonFlag.Trim(),
                    operatedBy.Id,
                    correlationId: null,
                    CancellationToken.None,
                    progress
                )
        );
        return refusal is null || Refuse($"{refusal.Title} {refusal.Detail}");
    }

    /// <summary>What is left once the events are without the person: the views, and the files of the tables.</summary>
    internal static async Task CompleteAsync(IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var completion = services.GetRequiredService<ErasureCompletion>();
        await Platform.Progress.ShowAsync(
            "Making views anew",
            clock,
            progress => completion.CompleteAsync(alone: true, progress, CancellationToken.None)
        );
        await using var connection = await DatabaseLock.OpenAsync(
            services.GetRequiredService<IConfiguration>(),
            CancellationToken.None
        );
        await Platform.Progress.ShowAsync(
            "Writing the tables anew",
            clock,
            progress => ErasedFiles.WriteTablesAnewAsync(connection, progress)
        );
        var isRewritten = await Platform.Progress.ShowAsync(
            "Writing the write-ahead log anew",
            clock,
            progress => ErasedFiles.WriteLogAnewAsync(connection, progress)
        );
        if (!isRewritten)
        {
            Console.WriteLine(
                "What was there before stands in PostgreSQL's write-ahead log until PostgreSQL has written over it: this role may not have it written anew. ops/README.md says what it needs."
            );
        }
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
