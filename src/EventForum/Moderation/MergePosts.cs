using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Moderation;

/// <summary>Makes one post of several of the same author: the first gets the words of all, and the others are removed.</summary>
internal sealed record MergePosts(IReadOnlyList<Guid> Posts) : IModerationAct
{
    public const int MaxPosts = 100;

    private const string Between = "\n\n";

    IReadOnlyList<(Guid PostId, int? Revision)> IModerationAct.Words => [.. Posts.Select(post => (post, (int?)null))];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request.Posts is { Count: > 1 and <= MaxPosts } posts ? new MergePosts([.. posts.Distinct()]) : null;

    public ActStep On(PostState post, DecisionContext context, string reason)
    {
        var words = context.Named<ActWords>();
        var first = context.Posts().Find(Posts[0])!;
        var merged = Posts
            .Select(id => context.Posts().Find(id)!)
            .Where(one => !one.IsRemoved && one.Row.Mask is null && one.AuthorId == first.AuthorId)
            .Select(one => words.Of(one.Id)!)
            .ToList();
        var body = string.Join(Between, merged.Select(one => one.Body));
        return post.IsRemoved ? ActStep.LeaveAlone("It is removed; restore it first.")
            : first.IsRemoved ? ActStep.LeaveAlone("The first of them is removed; restore it first.")
            : (post.Row.Mask ?? first.Row.Mask) is not null ? ActStep.LeaveAlone("The words of one of them are gone.")
            : post.AuthorId != first.AuthorId ? ActStep.LeaveAlone("It is another member's than the first of them.")
            : merged.Exists(one => one.Format != merged[0].Format)
                ? ActStep.LeaveAlone("They are written in different formats.")
            : merged.Count < 2 ? ActStep.LeaveAlone("There is no other to merge with it.")
            : PlainLine.Length(body) > PostBody.MaxLength
                ? ActStep.LeaveAlone($"Together they have more than {PostBody.MaxLength:N0} characters.")
            : post.Id == first.Id
                ? ActStep.To(new PostEdited(post.Id, body, Quotes(merged), reason, Format: merged[0].Format))
            : ActStep.To(new PostRemoved(post.Id, reason));
    }

    /// <summary>What they all quote, where it stands in the text of all.</summary>
    private static List<Quote> Quotes(List<PostRow> merged)
    {
        var quotes = new List<Quote>();
        var start = 0;
        foreach (var post in merged)
        {
            quotes.AddRange(post.Quotes.Select(quote => quote with { At = start + quote.At }));
            start += post.Body.Length + Between.Length;
        }

        return quotes;
    }
}
