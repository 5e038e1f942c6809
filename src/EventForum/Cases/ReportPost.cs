using System.Text.Json;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Cases;

/// <summary>Tells the moderators of a post.</summary>
/// <param name="Reason">The key of a reason: GET /api/reports/reasons lists them.</param>
/// <param name="Text">Up to 1,000 characters. Moderators read it, and nobody else.</param>
public sealed record ReportPostRequest(string? Reason, string? Text = null);

/// <param name="Position">The position in the whole forum's history.</param>
public sealed record ReportReceipt(Guid PostId, long Position);

/// <param name="CaseId">The case that the report comes to: the post's open one, or the one that it begins.</param>
/// <param name="Reasons">The keys of the reasons that there are.</param>
public sealed record ReportPost(
    Guid CaseId,
    Guid ThreadId,
    Guid PostId,
    string? Reason,
    string? Text,
    IReadOnlyList<string> Reasons
) : INamesPosts
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Case.Stream(CaseId), ForumThread.Stream(ThreadId)];

    string ICommand.Request =>
        nameof(ReportPost)
        + JsonSerializer.Serialize(
            new
            {
                PostId,
                Reason,
                Text,
            },
            JsonSerializerOptions.Web
        );

    PostNames INamesPosts.Names { get; } = PostNames.Of(PostId);

    public Decision Decide(DecisionContext context)
    {
        if (context.Thread(ThreadId) is null || context.Posts().Find(PostId) is not { } post)
        {
            return ThreadRefusals.NoSuchPost;
        }

        var known = context.Find<Case>(Case.Stream(CaseId));
        if (post.ThreadId != ThreadId || known is { State: not CaseState.Open })
        {
            return Decision.StreamsChanged;
        }

        return (
                post.AuthorId == context.ActorId ? CaseRefusals.OwnPost
                : post.IsRemoved ? ThreadRefusals.PostRemoved
                : known?.RefusalToReport(context.ActorId)
            )
                is { } refusal
                ? refusal
            : !Reasons.Contains(Reason, StringComparer.Ordinal) ? CaseRefusals.ReasonUnknown(Reasons)
            : CaseTexts.RefusalOf(Text, "text", 0) is { } flaw ? flaw
            : Decision.To(
                new Receipt(PostId: PostId),
                new PostReported(PostId, post.AuthorId, post.Revision, Reason!, CaseTexts.Trimmed(Text))
            );
    }
}

/// <summary>Finds out which case a report comes to.</summary>
public sealed class Reports(IDocumentStore store, IOptionsMonitor<ReportReasons> reasons)
{
    /// <summary>The post's open case, and how many there were.</summary>
    private const string Sql = $"""
        select jsonb_build_object(
                   'threadId', p.thread_id,
                   'openId', (select id from {MartenTables.Documents}case where post_id = p.post_id and data ->> 'state' = 'open' limit 1),
                   'count', (select count(*) from {MartenTables.Documents}case where post_id = p.post_id))
          from {PostTable.Table} p where p.post_id = ? {PostTable.Newest}
        """;

    public async Task<CommandPlan> PlanAsync(Guid postId, string? reason, string? text, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var found = await session.QueryAsync<Found>(Sql, cancellation, postId);
        return found is [var post]
            ? new CommandPlan(
                new ReportPost(
                    post.OpenId ?? Case.IdOf(postId, post.Count + 1),
                    post.ThreadId,
                    postId,
                    reason,
                    text,
                    [.. reasons.CurrentValue.Keys]
                )
            )
            : ThreadRefusals.NoSuchPost;
    }

    private sealed record Found(Guid ThreadId, Guid? OpenId, long Count);
}

public static class ReportPostEndpoint
{
    /// <summary>
    /// Reports a post to the moderators of its board. Reports of one post are one case until it is decided. Who reported it is
    /// told to moderators only.
    /// </summary>
    [WolverinePost("/api/posts/{postId}/reports"), Authorize, ProducesResponseType(typeof(ReportReceipt), 201)]
    [ProducesResponseType(403, Description = "The post is the sender's own.")]
    [ProducesResponseType(409, Description = "The sender has reported it already, or it has been removed.")]
    public static Task<IResult> Post(
        Guid postId,
        ReportPostRequest request,
        HttpContext http,
        IMessageBus bus,
        Reports reports
    ) =>
        bus.RunAsync(
            http,
            () => reports.PlanAsync(postId, request.Reason, request.Text, http.RequestAborted),
            201,
            result => new ReportReceipt(postId, result.Receipt!.Position)
        );
}

public static class GetReportReasonsEndpoint
{
    /// <summary>Why posts may be reported.</summary>
    [
        WolverineGet("/api/reports/reasons"),
        AllowAnonymous,
        ProducesResponseType(typeof(IEnumerable<ReportReason>), 200)
    ]
    public static IResult Get(IOptionsMonitor<ReportReasons> reasons) =>
        new Tagged<IReadOnlyList<ReportReason>>(reasons.CurrentValue.All);
}
