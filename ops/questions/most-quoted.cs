// Which posts are quoted most? The first 50.
//
// Post    the thread, as it is called now, and the post's number in it
// Author  who wrote the post
// Quotes  how many posts quote it, as they were last written; one that quotes it twice counts once
// PostId  the post's id, for its page: /posts/ID
//
// Quotes that are only text, because nobody knows whose words they are, do not count.

return await Question
    .StartingWith(new Dictionary<Guid, IReadOnlyList<Quote>>())
    .WithoutBodies()
    .On<ThreadStarted>((quotes, e) => Written(quotes, e.Data.PostId, e.Data.Quotes))
    .On<ReplyPosted>((quotes, e) => Written(quotes, e.Data.PostId, e.Data.Quotes))
    .On<PostEdited>((quotes, e) => Written(quotes, e.Data.PostId, e.Data.Quotes))
    .AnswerAsync(
        args,
        quotes =>
            quotes
                .Values.SelectMany(inPost => inPost.Select(quote => quote.PostId).Distinct())
                .CountBy(post => post)
                .OrderByDescending(post => post.Value)
                .ThenBy(post => post.Key)
                .Take(50)
                .Select(post => new
                {
                    Post = Name.OfPost(post.Key),
                    Author = Name.OfAuthor(post.Key),
                    Quotes = post.Value,
                    PostId = post.Key,
                })
    );

static void Written(Dictionary<Guid, IReadOnlyList<Quote>> quotes, Guid post, IReadOnlyList<Quote> inPost)
{
    quotes.Remove(post);
    if (inPost.Count > 0)
    {
        quotes.Add(post, inPost);
    }
}
