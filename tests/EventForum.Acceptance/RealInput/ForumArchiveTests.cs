using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventForum.Acceptance.Harness;
using EventForum.Members;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Acceptance.RealInput;

/// <summary>Years of a real forum in one run: 3,834 posts of 336 threads by 910 people, with the quotes that they typed.</summary>
public sealed partial class ForumArchiveTests(PlayedArchive archive) : IClassFixture<PlayedArchive>
{
    [Fact]
    public void every_command_is_carried_out_but_those_of_posts_without_text()
    {
        var posts = Archive();

        archive.Refusals.ShouldAllBe(refusal => PlayedArchive.TypeOf(refusal) == "422 body-empty");
        archive.Refusals.Count.ShouldBe(posts.Count(post => post.Body.Trim().Length == 0));
        archive.Threads.Sum(thread => thread.Posts.Count).ShouldBe(posts.Count - archive.Refusals.Count);
        archive.Threads.Count.ShouldBe(posts.DistinctBy(post => post.Thread, StringComparer.Ordinal).Count());
    }

    [Fact]
    public void everything_that_was_said_is_on_the_pages_in_its_order()
    {
        Archive();
        foreach (var thread in archive.Threads)
        {
            var read = thread.PostsOnPages.ToList();
            thread.Pages.ShouldAllBe(page => page.GetProperty("title").GetString() == thread.Title.Trim());
            read.Select(post => post.GetProperty("number").GetInt32()).ShouldBe(Enumerable.Range(1, read.Count));
            read.Select(post => post.GetProperty("id").GetGuid()).ShouldBe(thread.Posts.Select(p => p.Receipt.PostId));
            foreach (var (sent, post) in thread.Posts.Zip(read))
            {
                post.GetProperty("author").GetProperty("name").GetString().ShouldBe(sent.Author.Name);
                OwnWordsOf(post.GetProperty("body").GetString()!).ShouldBe(OwnWordsOf(sent.Body));
            }
        }
    }

    [Fact]
    public void a_quote_by_reference_shows_the_words_that_its_author_typed()
    {
        Archive();
        var fates = new List<string>();
        foreach (var thread in archive.Threads)
        {
            var earlier = new List<PlayedPost>();
            foreach (var (sent, post) in thread.Posts.Zip(thread.PostsOnPages))
            {
                fates.AddRange(FatesOfQuotes(sent, post, earlier));
                earlier.Add(sent);
            }
        }

        var references = fates.Count(fate => fate == Reference);
        var named = fates.Count - fates.Count(fate => fate is NoAuthor or NoAuthorButSaid);
        RealData.Report(
            "forum-threads.jsonl: what became of its top-level quote blocks",
            $"{fates.Count} blocks, {references} references: {100.0 * references / fates.Count:F1} %",
            $"of the {named} that name an author: {100.0 * references / named:F1} %",
            $"the others: {PlayedArchive.Counts(fates.Where(fate => fate != Reference))}"
        );
        references.ShouldBeGreaterThan(named / 2);
    }

    [Fact]
    public void a_body_that_comes_back_as_it_was_read_changes_nothing()
    {
        Archive();
        archive.SentBackUnchanged.Count.ShouldBeGreaterThan(500);
        archive.SentBackUnchanged.ShouldAllBe(sent => PlayedArchive.TypeOf(sent.Answer) == "409 nothing-changed");
    }

    [Fact]
    public async Task what_moderators_and_second_thoughts_make_of_it_is_the_same_after_a_rebuild()
    {
        RealData.Require(PlayedArchive.File);
        var changes = new ArchiveChanges(archive, seed: 20160217);

        var counts = await changes.MakeAsync(600);
        await PlayedArchive.SeveralAtOnce(
            archive.Threads,
            thread => PlayedArchive.ReadPagesAsync(archive.Forum, thread.Id)
        );
        var start = Stopwatch.GetTimestamp();
        var projections = await ReadModels.CatchUpAsync(archive.Forum);
        await archive.Forum.DisposeAsync();
        var catchingUp = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await ReadModels.ShouldEqualTheirRebuildAsync(archive.Database, projections);

        RealData.Report(
            "forum-threads.jsonl: changes, then a rebuild of every projection",
            $"{counts}",
            $"catching up and stopping: {catchingUp.TotalSeconds:F1} s; two dumps and a rebuild: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s",
            $"events: {await archive.Database.ScalarAsync<long>("select count(*) from forum.mt_events")}"
        );
    }

    private const string Reference = "reference";
    private const string NoAuthor = "no author named";
    private const string NoAuthorButSaid = "no author named, though an earlier post says it";

    private static IReadOnlyList<ArchivedPost> Archive()
    {
        RealData.Require(PlayedArchive.File);
        return RealData.Read<ArchivedPost>(PlayedArchive.File);
    }

    /// <summary>What became of each outermost quote block of a post, and whether what is shown is what was typed.</summary>
    private static IEnumerable<string> FatesOfQuotes(PlayedPost sent, JsonElement post, List<PlayedPost> earlier)
    {
        var typed = PostBody.Normalise(sent.Body);
        var blocks = QuoteSyntax.Parse(typed);
        var shown = post.GetProperty("body").GetString()!;
        var shownBlocks = QuoteSyntax.Parse(shown);
        shownBlocks.Count.ShouldBe(blocks.Count);
        var quotes = new Queue<JsonElement>(post.GetProperty("quotes").EnumerateArray());
        foreach (var (block, shownBlock) in blocks.Zip(shownBlocks))
        {
            if (shownBlock.PostId is null)
            {
                shownBlock.Span.In(shown).ShouldBe(block.Span.In(typed), "a block without a source stays as it is");
                yield return WhyNoReference(block, typed, earlier);
                continue;
            }

            var quote = quotes.Dequeue();
            quote.GetProperty("state").GetString().ShouldBe("exact");
            quote.GetProperty("postId").GetGuid().ShouldBe(shownBlock.PostId.Value);
            MemberName
                .Key(quote.GetProperty("author").GetProperty("name").GetString()!)
                .ShouldBe(MemberName.Key(block.Name!));
            var source = earlier.Single(p => p.Receipt.PostId == shownBlock.PostId);
            source.Receipt.Number.ShouldBe(quote.GetProperty("number").GetInt32());
            Words(quote.GetProperty("text").GetString()!).ShouldBe(OwnWordsOf(block.Inner.In(typed)));
            yield return Reference;
        }

        quotes.ShouldBeEmpty();
    }

    private static string WhyNoReference(QuoteBlock block, string body, List<PlayedPost> earlier)
    {
        var words = string.Join(' ', OwnWordsOf(block.Inner.In(body)));
        if (block.Name is null)
        {
            return
                words.Length > 0
                && earlier.Any(post =>
                    string.Join(' ', OwnWordsOf(post.Body)).Contains(words, StringComparison.Ordinal)
                )
                ? NoAuthorButSaid
                : NoAuthor;
        }

        var sources = earlier.Where(post => MemberName.Key(post.Author.Name) == MemberName.Key(block.Name)).ToList();
        return sources.Count == 0 ? "the author has not written in the thread before"
            : sources.All(post => post.Receipt.Number <= earlier.Count - NamedPosts.LookBack)
                ? "the author's posts are too far back"
            : words.Length == 0 ? "nothing but nested quotes"
            : sources.Any(post => string.Join(' ', Words(post.Body)).Contains(words, StringComparison.Ordinal))
                ? "the author quoted these words"
            : QuoteSyntax.Parse(block.Inner.In(body)).Count > 0 ? "words not found, with nested quotes"
            : "words not found";
    }

    /// <summary>The words outside of quote blocks.</summary>
    private static string[] OwnWordsOf(string body) =>
        Words(string.Join('\n', QuoteSyntax.Between(body).Select(span => span.In(body))));

    /// <summary>White space aside, and the back slashes that keep words from being read as tags.</summary>
    private static string[] Words(string text) =>
        Shield().Replace(text, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\\(?=[\[`~])", RegexOptions.None, 1_000)]
    private static partial Regex Shield();
}
