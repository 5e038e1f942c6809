using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;
using static EventForum.Exchange.ExportCheck;

namespace EventForum.Exchange;

/// <summary>The threads of an export and their posts: whether an event could have happened after those before it.</summary>
internal sealed class ExportedThreads
{
    private readonly Dictionary<Guid, PostSoFar> posts = [];
    private readonly List<(Guid PostId, int Revision, long End, int Line)> unknownQuotes = [];

    public IEnumerable<(Guid Id, Guid ThreadId, int Number, int Line)> Posts =>
        posts.Select(post => (post.Key, post.Value.Origin.ThreadId, post.Value.Origin.Number, post.Value.Line));

    public PostSoFar? Find(Guid postId) => posts.GetValueOrDefault(postId);

    /// <exception cref="FormatException">It could not have happened after what came before it.</exception>
    public void Add(StreamSoFar thread, PastEvent past)
    {
        var e = past.Event;
        var isImported = e.Headers?.ContainsKey("import") == true;
        switch (e.Data)
        {
            case ThreadStarted started:
                ExportedTexts.CheckTitle(started.Title);
                AddPost(thread, past, started.PostId, 1, started.Body, started.Quotes);
                break;
            case ReplyPosted posted:
                // Elsewhere some go on writing in a thread that is closed.
                Check(!thread.IsLocked || isImported, "The thread is locked.");
                Check(
                    posted.AnsweredVersion >= 1 && posted.AnsweredVersion < e.Version,
                    "It answers a version that the thread had not come to."
                );
                AddPost(thread, past, posted.PostId, posted.Number, posted.Body, posted.Quotes);
                break;
            case PostEdited edited:
                var changed = PostOf(edited.PostId);
                // What is undone may have been an edit before the post was removed.
                Check(
                    changed.Holds.Shown is null || edited.RevertsTo is not null || isImported,
                    "The post that it edits is removed."
                );
                Check(
                    edited.RevertsTo is not { } earlier || (earlier >= 1 && earlier <= changed.Lengths.Count),
                    "It goes back to a revision that the post does not have."
                );
                ExportedTexts.CheckReason(edited.Reason, isImported);
                CheckText(past, edited.Body, edited.Quotes);
                changed.Lengths.Add(LengthOf(past, edited.Body));
                break;
            case RevisionRedacted redacted:
                var masked = PostAnywhere(redacted.PostId);
                Check(
                    redacted.Revisions.Count > 0
                        && redacted.Revisions.All(one => one >= 1 && one <= masked.Lengths.Count),
                    "The post has no such revisions."
                );
                ExportedTexts.CheckReason(redacted.Reason, isImported: false);
                break;
            case WordsErased erased:
                Check(erased.Number > 0, "An erased member has a number from 1.");
                break;
            case ReasonsExpired:
                break;
            case PostRemoved removed:
                var hidden = PostOf(removed.PostId);
                Check(!hidden.Holds.HasOneBy(e.ActorId(), hidden.AuthorId), "The post is removed already.");
                ExportedTexts.CheckReason(removed.Reason, isImported);
                hidden.Holds = hidden.Holds.With(new Hold(e.ActorId(), e.Timestamp, null), hidden.AuthorId);
                break;
            case PostHeld held:
                var waiting = PostOf(held.PostId);
                Check(held.By != waiting.AuthorId && held.By != Guid.Empty, "Its hold is not whose it should be.");
                Check(held.SilenceId != Guid.Empty, "An id of zeros is none.");
                waiting.Holds = waiting.Holds.With(new Hold(held.By, e.Timestamp, null), waiting.AuthorId);
                break;
            case PostRestored restored:
                var shown = PostOf(restored.PostId);
                Check(shown.Holds.Shown is not null, "The post is not removed.");
                ExportedTexts.CheckReason(restored.Reason, isImported);
                shown.Holds = shown.Holds.LiftedBy(e.ActorId(), shown.AuthorId);
                break;
            case PostHoldsRestored reset:
                var reheld = PostOf(reset.PostId);
                Check(
                    reset.Moderators?.By != reheld.AuthorId
                        && (reset.Authors?.By ?? reheld.AuthorId) == reheld.AuthorId,
                    "Its holds are not whose they should be."
                );
                ExportedTexts.CheckReason(reset.Reason, isImported);
                ExportedTexts.CheckReason(reset.Moderators?.Reason, isImported);
                ExportedTexts.CheckReason(reset.Authors?.Reason, isImported);
                reheld.Holds = Holds.Of(reset.Moderators, reset.Authors);
                break;
            case ThreadRenamed renamed:
                ExportedTexts.CheckTitle(renamed.Title);
                ExportedTexts.CheckReason(renamed.Reason, isImported);
                break;
            case ThreadLocked locked:
                // A moderator may lock what another one has locked.
                thread.IsLocked = Turned(false, true, locked.Reason);
                break;
            case ThreadUnlocked unlocked:
                thread.IsLocked = Turned(thread.IsLocked, false, unlocked.Reason);
                break;
            case ThreadPinned pinned:
                thread.IsPinned = Turned(thread.IsPinned, true, pinned.Reason);
                break;
            case ThreadUnpinned unpinned:
                thread.IsPinned = Turned(thread.IsPinned, false, unpinned.Reason);
                break;
            case ThreadSplitOff split:
                ExportedTexts.CheckTitle(split.Title);
                ExportedTexts.CheckReason(split.Reason, isImported: false);
                break;
            case PostsMovedOut moved:
                ExportedTexts.CheckReason(moved.Reason, isImported: false);
                Check(moved.Posts.Count > 0, "No post is moved.");
                Check(
                    moved.Posts.All(post => posts.ContainsKey(post.PostId)),
                    "One of its posts was not written before it."
                );
                CheckNumbers(thread, moved.Renumbered, moved.LastNumber, moved.Unused);
                break;
            case PostsMovedIn moved:
                ExportedTexts.CheckReason(moved.Reason, isImported: false);
                Check(moved.Posts.Count > 0, "No post is moved.");
                foreach (var post in moved.Posts)
                {
                    var came = posts.GetValueOrDefault(post.PostId);
                    Check(came is not null, $"There is no post {post.PostId} before it.");
                    Check(came!.AuthorId == post.AuthorId, $"The post {post.PostId} is another member's.");
                    (came.ThreadId, came.Number) = (e.StreamId, post.Number);
                }

                CheckNumbers(
                    thread,
                    moved.Posts.Select(post => new NumberedPost(post.PostId, post.Number)).Concat(moved.Renumbered),
                    moved.LastNumber,
                    moved.Unused
                );
                foreach (var post in moved.Renumbered)
                {
                    PostOf(post.PostId).Number = post.Number;
                }

                break;
            case ThreadMoved moved:
                ExportedTexts.CheckReason(moved.Reason, isImported: false);
                break;
            default:
                throw new FormatException($"Nothing says what {e.EventTypeName} may follow.");
        }

        PostSoFar PostAnywhere(Guid id) =>
            posts.GetValueOrDefault(id) ?? throw new FormatException($"There is no post {id} before it.");

        PostSoFar PostOf(Guid id) =>
            posts.TryGetValue(id, out var post) && post.ThreadId == e.StreamId
                ? post
                : throw new FormatException($"Its thread has no post {id} before it.");
    }

    /// <exception cref="FormatException">A post quotes what another one of the file does not say.</exception>
    public void End()
    {
        foreach (var (postId, revision, end, line) in unknownQuotes)
        {
            if (posts.TryGetValue(postId, out var post) && !post.Says(revision, end))
            {
                throw new FormatException($"Line {line}: {PostSoFar.NotSaid(postId, revision)}");
            }
        }
    }

    private void CheckNumbers(StreamSoFar thread, IEnumerable<NumberedPost> numbered, int last, int unused)
    {
        var numbers = numbered.ToList();
        Check(
            numbers.TrueForAll(post => posts.ContainsKey(post.PostId)),
            "One of its posts was not written before it."
        );
        Check(
            numbers.TrueForAll(post => post.Number >= 1 && post.Number <= last) && unused >= 0 && unused <= last,
            "Its numbers cannot be those of a thread."
        );
        thread.LastNumber = last;
    }

    private static bool Turned(bool was, bool on, string? reason)
    {
        Check(was != on, "The thread is so already.");
        ExportedTexts.CheckReason(reason, isImported: false);
        return on;
    }

    private void AddPost(
        StreamSoFar thread,
        PastEvent past,
        Guid id,
        int number,
        string body,
        IReadOnlyList<Quote> quotes
    )
    {
        var e = past.Event;
        Check(number == ++thread.LastNumber, $"Its number is {number}, and {thread.LastNumber} comes next.");
        Check(id != Guid.Empty, "An id of zeros is none.");
        Check(
            PostEvents.ParentOf(e.Data) is not { } parent || (parent != Guid.Empty && parent != id),
            "It answers itself, or nothing."
        );
        CheckText(past, body, quotes);
        if (
            !posts.TryAdd(
                id,
                new PostSoFar(e.StreamId, number, e.ActorId(), past.Line) { Lengths = { LengthOf(past, body) } }
            )
        )
        {
            throw new FormatException($"Its post is that of line {posts[id].Line}.");
        }
    }

    /// <summary>How long a body is that others quote; of one that is gone it is not known to the character.</summary>
    private static int LengthOf(PastEvent past, string body) =>
        PostEvents.MaskOf(past.Event.Data) is null ? body.Length : int.MaxValue;

    private void CheckText(PastEvent past, string body, IReadOnlyList<Quote> quotes)
    {
        var mask = PostEvents.MaskOf(past.Event.Data);
        Check(mask is null || (body.Length == 0 && mask.Length >= 0), "It has words although they were taken out.");
        // JSON may hold a number in place of a name.
        Check(Enum.IsDefined(PostEvents.FormatOf(past.Event.Data)), "Its format is none.");
        ExportedTexts.CheckBody(body, quotes, isMasked: mask is not null);
        foreach (var quote in quotes)
        {
            var end = (long)quote.Start + quote.Length;
            if (!posts.TryGetValue(quote.PostId, out var post) || quote.Revision > post.Lengths.Count)
            {
                // Events that were stored together stand in the order of their streams.
                unknownQuotes.Add((quote.PostId, quote.Revision, end, past.Line));
            }
            else
            {
                Check(post.Says(quote.Revision, end), PostSoFar.NotSaid(quote.PostId, quote.Revision));
            }
        }
    }
}
