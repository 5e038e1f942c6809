using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using Marten;

namespace EventForum.Cases;

/// <summary>A case, its post, and the thread that the post is in now.</summary>
public sealed record CasePlace(Guid CaseId, Guid PostId, Guid ThreadId);

/// <summary>A moderator's command on a case: its rule looks at the post and its thread, too.</summary>
public interface ICaseCommand : INamesPosts
{
    CasePlace Place { get; }

    IReadOnlyList<StreamKey> ICommand.Streams => [Case.Stream(Place.CaseId), ForumThread.Stream(Place.ThreadId)];

    PostNames INamesPosts.Names => PostNames.Of(Place.PostId);
}

/// <summary>What commands on cases have in common.</summary>
internal static class CasePlaces
{
    private const string PlaceOfCase = $"""
        select jsonb_build_object('caseId', c.id, 'postId', c.post_id, 'threadId', p.thread_id)
          from {MartenTables.Documents}case c
         cross join lateral (select thread_id from {PostTable.Table} where post_id = c.post_id {PostTable.Newest}) p
         where c.id = ?
        """;

    /// <summary>Null where there is no such case.</summary>
    public static async Task<CasePlace?> PlaceOfCaseAsync(
        this IQuerySession session,
        Guid caseId,
        CancellationToken cancellation
    ) => (await session.QueryAsync<CasePlace>(PlaceOfCase, cancellation, caseId)).SingleOrDefault();

    /// <summary>Plans a command on a case, where its post is now.</summary>
    public static async Task<CommandPlan> PlanAsync(
        HttpContext http,
        IQuerySession session,
        Guid caseId,
        Func<CasePlace, ICommand> command
    ) =>
        !Reader.Of(http).IsModerator ? ThreadRefusals.ModeratorsOnly
        : await session.PlaceOfCaseAsync(caseId, http.RequestAborted) is { } place ? new CommandPlan(command(place))
        : CaseRefusals.NoSuchCase;

    /// <summary>
    /// The case, for a moderator of the board that its post is in. For the post's author there is none: it says who reported
    /// the post.
    /// </summary>
    public static (Refusal? Refusal, Case? Case) Case(this DecisionContext context, CasePlace place)
    {
        var found = context.Find<Case>(Cases.Case.Stream(place.CaseId));
        var post = context.Posts().Find(place.PostId);
        return found is null || post is null || found.AuthorId == context.ActorId ? (CaseRefusals.NoSuchCase, null)
            : post.ThreadId != place.ThreadId ? (Decision.StreamsChanged, null)
            : context.Thread(place.ThreadId) is { } thread && context.Moderates(thread) ? (null, found)
            : (CaseRefusals.NoSuchCase, null);
    }
}
