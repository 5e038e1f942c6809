using EventForum.Erasure;
using EventForum.Members;
using Marten;

namespace EventForum.CommandLine;

/// <summary>Takes out of the events what is not to be kept for longer, when somebody who was told how much it is says so.</summary>
internal static class AuditRetention
{
    public static async Task<bool> RunAsync(AuditInput input)
    {
        var clock = input.Services.GetRequiredService<TimeProvider>();
        var retention = input.Services.GetRequiredService<Retention>();
        if (!retention.IsConfigured)
        {
            return AuditCommand.Refuse(
                "Nothing is to go: everything is kept for ever. Say how long reasons or subjects are kept, as in Retention__Reasons=365.00:00:00 or Retention__Subjects=730.00:00:00."
            );
        }

        await using var session = input.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var key = MemberName.Key(input.ByFlag);
        if (await session.Query<Member>().FirstOrDefaultAsync(one => one.NameKey == key) is not { } by)
        {
            return AuditCommand.Refuse("Say who does it with --by: the name of a member.");
        }

        var plan = await Platform.Progress.ShowAsync(
            "Looking through the events",
            clock,
            progress => retention.PlanAsync(by.Id, progress, CancellationToken.None)
        );
        if (plan.Count == 0)
        {
            Console.WriteLine("Nothing is older than it is to be kept.");
            return true;
        }

        Say("lose something", plan);
        if (!input.YesFlag)
        {
            Console.Write("Nothing can bring it back. Type yes to go on: ");
            if (Console.ReadLine()?.Trim() != "yes")
            {
                return AuditCommand.Refuse("Nothing was changed.");
            }
        }

        var taken = await Platform.Progress.ShowAsync(
            "Taking it out of the events",
            clock,
            progress => retention.RunAsync(by.Id, progress, CancellationToken.None)
        );
        Say("have lost something", taken);
        Console.WriteLine("Views follow by the servers that run, or by the next one that starts.");
        return true;
    }

    private static void Say(string what, IReadOnlyList<ErasedCount> counts)
    {
        Console.WriteLine($"{counts.Sum(count => count.Events):N0} events {what}:");
        foreach (var count in counts)
        {
            Console.WriteLine($"  {count.Type}: {count.Events:N0}");
        }
    }
}
