using System.Text.Json.Serialization;
using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Acceptance.Commands;

/// <summary>A command on several streams: the same reply at the end of each thread, or of none.</summary>
public sealed record ReplyInAll([property: JsonIgnore] IReadOnlyList<Guid> Threads, string Body) : ICommand
{
    private readonly Dictionary<Guid, Guid> posts = Threads.ToDictionary(id => id, _ => Guid.CreateVersion7());

    private int decisions;

    IReadOnlyList<StreamKey> ICommand.Streams => [.. Threads.Select(ForumThread.Stream)];

    /// <summary>The thread that a title, such as "See …", names: the command is about that one, too.</summary>
    public static Guid? FollowedBy(ForumThread thread) =>
        thread.Title.Split(' ') is ["See", var id] ? Guid.Parse(id) : null;

    /// <summary>How often its rule ran: once, unless a batch met somebody else's events.</summary>
    public int CountDecisions() => decisions;

    public Decision Decide(DecisionContext context)
    {
        Interlocked.Increment(ref decisions);
        Decision? decision = null;
        foreach (var stream in Threads.Select(ForumThread.Stream))
        {
            if (context.Find<ForumThread>(stream) is not { } thread)
            {
                return ThreadRefusals.NoSuchThread;
            }

            if (thread.LockReason is { } reason)
            {
                return ThreadRefusals.Locked(reason);
            }

            if (FollowedBy(thread) is { } next && !Threads.Contains(next))
            {
                return Decision.StreamsChanged;
            }

            var reply = new ReplyPosted(posts[stream.Id], thread.LastNumber + 1, Body, [], thread.Version);
            decision = decision is null ? Decision.To(new Receipt(), reply) : decision.And(stream, reply);
        }

        return decision!;
    }
}
