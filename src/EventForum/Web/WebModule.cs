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
        services.AddSingleton<PastScreen>();
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
        // SameSite stands in for antiforgery tokens.
        var pages = app.MapGroup("").ExcludeFromDescription().DisableAntiforgery();
        pages.MapGet("/", Home.Get);
        pages.MapGet("/boards/{boardId:guid}", BoardView.Get);
        pages.MapPost("/boards/{boardId:guid}/threads", StartThreadForm.Post);
        pages.MapGet("/threads/{threadId:guid}", ThreadView.Get);
        pages.MapGet("/threads/{threadId:guid}/last", ThreadView.GetLast);
        pages.MapGet("/threads/{threadId:guid}/timeline", TimelineView.Get);
        pages.MapGet("/threads/{threadId:guid}/compare", CompareView.Get);
        pages.MapPost("/threads/{threadId:guid}/replies", ReplyForm.Post);
        pages.MapPost("/threads/{threadId:guid}/replies/draft", ReplyForm.Quote);
        pages.MapPost("/threads/{threadId:guid}/lock", ThreadTools.Lock);
        pages.MapPost("/threads/{threadId:guid}/unlock", ThreadTools.Unlock);
        pages.MapPost("/threads/{threadId:guid}/pin", ThreadTools.Pin);
        pages.MapPost("/threads/{threadId:guid}/unpin", ThreadTools.Unpin);
        pages.MapPost("/threads/{threadId:guid}/title", ThreadTools.Rename);
        pages.MapGet("/posts/{postId:guid}", ShowPost.Get);
        pages.MapGet("/posts/{postId:guid}/history", PostHistory.Get);
        pages.MapGet("/posts/{postId:guid}/diff", PostDifferences.Get);
        pages.MapGet("/posts/{postId:guid}/edit", EditPostView.Get);
        pages.MapPost("/posts/{postId:guid}/edit", EditPostView.Save);
        pages.MapPost("/posts/{postId:guid}/remove", RemovePostForm.Remove);
        pages.MapPost("/posts/{postId:guid}/restore", RemovePostForm.Restore);
        pages.MapGet("/sign-in", SignIn.Get);
        pages.MapPost("/sign-in", SignIn.Post);
        pages.MapPost("/sign-out", SignIn.Out);
    }
}
