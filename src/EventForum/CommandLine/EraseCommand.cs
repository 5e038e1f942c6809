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
        var erase = input.Services.GetRequiredService<EraseMember>();
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

        var erasure = await Platform.Progress.ShowAsync(
            "Looking through all events",
            clock,
            progress => erase.PreviewAsync(input.Member, input.Scope, progress)
        );
        if (erasure is null)
        {
            return Refuse($"There is no member {input.Member}.");
        }

        if (erasure.MemberId == operatedBy.Id)
        {
            return Refuse("Who erases a member is another one.");
        }

        Console.WriteLine(
            $"{erasure.Name} becomes {PersonalValues.Name(erasure.Number)}. {erasure.Counts.Sum(count => count.Events):N0} events lose something:"
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

        return await Platform.Progress.ShowAsync(
            "Taking it out of the events",
            clock,
            async progress =>
            {
                await erase.RunAsync(erasure, input.Scope, input.ReasonFlag.Trim(), operatedBy.Id, progress);
                return true;
            }
        );
    }

    private static bool Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
