using System.Text.Json.Serialization;
using EventForum.Commands;
using Marten;
using Wolverine;

namespace EventForum.Threads;

/// <summary>A command whose rule looks at posts.</summary>
public interface INamesPosts : ICommand
{
    /// <summary>The posts that the rule looks at: how they stand, and the whole of one that is edited.</summary>
    [JsonIgnore]
    PostNames Names => PostNames.None;
}

/// <summary>A command on one thread.</summary>
public interface IThreadCommand : INamesPosts
{
    Guid ThreadId { get; }

    /// <summary>The posts that its text may quote: they are read before the command is put to its writer.</summary>
    [JsonIgnore]
    PostNames Quoted => PostNames.None;

    /// <summary>Its text, with what it quotes found in these posts. Pure, and dear where they are long.</summary>
    PostText Read(NamedPosts quoted) => PostText.None;

    IReadOnlyList<StreamKey> ICommand.Streams => [ForumThread.Stream(ThreadId)];
}

/// <summary>What commands on threads have in common.</summary>
internal static class ThreadCommand
{
    /// <summary>Null also where it is in a board that the sender does not see.</summary>
    public static ForumThread? Thread(this DecisionContext context, Guid id) =>
        context.Find<ForumThread>(ForumThread.Stream(id)) is { } thread && context.Reader.Sees(thread.BoardId)
            ? thread
            : null;

    public static bool Moderates(this DecisionContext context, ForumThread thread) =>
        context.Reader.Moderates(thread.BoardId);

    public static NamedPosts Posts(this DecisionContext context) => context.Named<NamedPosts>();

    /// <summary>The command's text, as it was read before.</summary>
    public static PostText Text(this DecisionContext context) => context.Prepared<PostText>();

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
