using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace EventForum.Web;

/// <summary>The forum's pages: rendered on the server, complete without JavaScript.</summary>
public static class WebModule
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Letters of every script go out as they are, rather than as numbers.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<SiteFiles>();
        services.AddSingleton<Visitors>();
        services.AddSingleton<ThreadScreen>();
        services.AddSingleton<EditScreen>();
        services.AddSingleton<BoardSettingsScreen>();
        services.AddSingleton<PastScreen>();
        services.AddSingleton<StoryScreen>();
        return services.AddSingleton<BoardScreen>();
    }

    /// <summary>Before authentication: what every page request passes through.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseMiddleware<ErrorPages>();
        app.UseMiddleware<SameSite>();
        SiteFiles.Serve(app);
    }

    public static void MapPages(this WebApplication app)
    {
        // SameSite stands in for antiforgery tokens. A form that a guest sends comes back with what was typed, and says
        // that it takes a token: SentForm asks for one.
        var pages = app.MapGroup("").ExcludeFromDescription().DisableAntiforgery();
        pages.MapGet("/", Home.Get).AllowAnonymous();
        pages.MapPost("/boards", OpenBoardForm.Post).AllowAnonymous();
        pages.MapGet("/boards/{boardId:guid}", BoardView.Get).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/threads", StartThreadForm.Post).AllowAnonymous();
        pages.MapGet("/boards/{boardId:guid}/settings", BoardSettings.Get).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/settings", BoardSettings.Rename).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/permissions", BoardSettings.Permit).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/close", BoardSettings.Close).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/reopen", BoardSettings.Reopen).AllowAnonymous();
        pages.MapGet("/boards/{boardId:guid}/moderation-log", BoardLogView.Get).AllowAnonymous();
        pages.MapPost("/boards/{boardId:guid}/moderation-log", BoardSettings.PublishLog).AllowAnonymous();
        pages.MapGet("/threads/{threadId:guid}", ThreadView.Get).AllowAnonymous();
        pages.MapGet("/threads/{threadId:guid}/last", ThreadView.GetLast).AllowAnonymous();
        pages.MapGet("/threads/{threadId:guid}/timeline", TimelineView.Get).AllowAnonymous();
        pages.MapGet("/threads/{threadId:guid}/compare", CompareView.Get).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/replies", ReplyForm.Post).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/replies/draft", ReplyForm.ChangeDraft).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/lock", ThreadTools.Lock).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/unlock", ThreadTools.Unlock).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/pin", ThreadTools.Pin).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/unpin", ThreadTools.Unpin).AllowAnonymous();
        pages.MapPost("/threads/{threadId:guid}/title", ThreadTools.Rename).AllowAnonymous();
        pages.MapGet("/posts/{postId:guid}", ShowPost.Get).AllowAnonymous();
        pages.MapGet("/posts/{postId:guid}/history", PostHistory.Get).AllowAnonymous();
        pages.MapGet("/posts/{postId:guid}/diff", PostDifferences.Get).AllowAnonymous();
        pages.MapGet("/posts/{postId:guid}/edit", EditPostView.Get).AllowAnonymous();
        pages.MapPost("/posts/{postId:guid}/edit", EditPostView.Save).AllowAnonymous();
        pages.MapPost("/posts/{postId:guid}/remove", RemovePostForm.Remove).AllowAnonymous();
        pages.MapPost("/posts/{postId:guid}/restore", RemovePostForm.Restore).AllowAnonymous();
        pages.MapGet("/posts/{postId:guid}/report", ReportForm.Get).AllowAnonymous();
        pages.MapPost("/posts/{postId:guid}/report", ReportForm.Send).AllowAnonymous();
        pages.MapGet("/me/reports", OwnReportsPage.Get).AllowAnonymous();
        pages.MapGet("/me/decisions", DecisionsPage.Get).AllowAnonymous();
        pages.MapGet("/cases/{caseId:guid}/statement", StatementPage.Get).AllowAnonymous();
        pages.MapPost("/cases/{caseId:guid}/appeal", StatementPage.Appeal).AllowAnonymous();
        pages.MapGet("/moderation/cases", CasesView.Get).AllowAnonymous();
        pages.MapGet("/moderation/cases/{caseId:guid}", CasePage.Get).AllowAnonymous();
        pages.MapPost("/moderation/cases/{caseId:guid}/take", CasePage.Take).AllowAnonymous();
        pages.MapPost("/moderation/cases/{caseId:guid}/notes", CasePage.Note).AllowAnonymous();
        pages.MapPost("/moderation/cases/{caseId:guid}/dismiss", CasePage.Dismiss).AllowAnonymous();
        pages.MapPost("/moderation/cases/{caseId:guid}/appeal/decision", CasePage.DecideAppeal).AllowAnonymous();
        pages.MapGet("/me/standing", StandingPage.Get).AllowAnonymous();
        pages.MapGet("/moderation/log", ModerationLogView.Get).AllowAnonymous();
        pages.MapPost("/moderation/batches", BatchForm.Post).AllowAnonymous();
        pages.MapGet("/moderation/batches/{batchId:guid}", BatchPage.Get).AllowAnonymous();
        pages.MapPost("/moderation/batches/{batchId:guid}/undo", BatchPage.Undo).AllowAnonymous();
        pages.MapGet("/members/{memberId:guid}/erase", EraseMemberPage.Get).AllowAnonymous();
        pages.MapPost("/members/{memberId:guid}/erase", EraseMemberPage.Post).AllowAnonymous();
        pages.MapGet("/audit/posts/{postId:guid}", StoryView.OfPost).AllowAnonymous();
        pages.MapGet("/audit/posts/{postId:guid}/visibility", VisibilityView.Get).AllowAnonymous();
        pages.MapGet("/audit/threads/{threadId:guid}", StoryView.OfThread).AllowAnonymous();
        pages.MapGet("/audit/members/{memberId:guid}", StoryView.OfMember).AllowAnonymous();
        pages.MapGet("/audit/batches/{batchId:guid}", StoryView.OfBatch).AllowAnonymous();
        pages.MapGet("/audit/boards/{boardId:guid}", StoryView.OfBoard).AllowAnonymous();
        pages.MapGet("/views", ViewsView.Get).AllowAnonymous();
        pages.MapGet("/views/{name}", ViewPageView.Get).AllowAnonymous();
        pages.MapGet("/sign-in", SignIn.Get).AllowAnonymous();
        pages.MapPost("/sign-in", SignIn.Post).AllowAnonymous();
        pages.MapPost("/sign-out", SignIn.Out).AllowAnonymous();
    }
}
