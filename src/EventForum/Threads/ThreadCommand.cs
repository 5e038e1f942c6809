using System.Text.Json.Serialization;
using EventForum.Commands;
using Marten;
using Wolverine;

namespace EventForum.Threads;

/// <summary>A command on one thread.</summary>
public interface IThreadCommand : ICommand
{
    Guid ThreadId { get; }

    /// <summary>The posts that the rule looks at.</summary>
    [JsonIgnore]
    PostNames Names => PostNames.None;

    IReadOnlyList<StreamKey> ICommand.Streams => [ForumThread.Stream(ThreadId)];
}

/// <summary>What commands on threads have in common.</summary>
internal static class ThreadCommand
{
    public static ForumThread? Thread(this DecisionContext context, Guid id) =>
        context.Find<ForumThread>(ForumThread.Stream(id));

    public static NamedPosts Posts(this DecisionContext context) => context.Named<NamedPosts>();

    /// <summary>Runs a command that names a post: its thread is where the post is now.</summary>
    public static Task<IResult> RunOnPostAsync(
        this IMessageBus bus,
        HttpContext http,
        IQuerySession session,
        Guid postId,
        Func<Guid, IThreadCommand> command,
        int status = StatusCodes.Status200OK
    )
    {
        return bus.RunAsync(http, PlanAsync, status);

        async Task<CommandPlan> PlanAsync()
        {
            var threads = await session.QueryAsync<Guid>(
                $"select thread_id from {PostTable.Table} where post_id = ? {PostTable.Newest}",
                http.RequestAborted,
                postId
            );
            return threads.Count == 0 ? ThreadRefusals.NoSuchPost : new CommandPlan(command(threads[0]));
        }
    }
}
