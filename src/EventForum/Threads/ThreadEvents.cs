using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

// Facts of one thread's stream. Who, when, why-caused and in which batch are metadata of every event;
// the stream's id is the thread's id.

/// <summary>A thread began with its first post, which has number 1.</summary>
/// <param name="BoardId">The board that it was started in.</param>
/// <param name="Title">3-255 characters, one line.</param>
/// <param name="PostId">The first post's id, stable for ever.</param>
/// <param name="Body">The author's own text; quotes whose source is known are taken out of it.</param>
/// <param name="Quotes">What the post quotes, by reference, in the order of <see cref="Quote.At"/>.</param>
/// <param name="Mask">Set where its words are not in it; left out of an event that has them.</param>
/// <param name="Format">How the text is written; left out of an event where it is Markdown.</param>
/// <param name="ParentId">The post that it answers: an import may bring a first post whose clock was slow. Left out where there is none.</param>
public sealed record ThreadStarted(
    Guid BoardId,
    string Title,
    Guid PostId,
    string Body,
    IReadOnlyList<Quote> Quotes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Mask? Mask = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] PostFormat Format = PostFormat.Markdown,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ParentId = null
) : IPostWritten;

/// <summary>A reply was posted at the end of the thread.</summary>
/// <param name="PostId">The post's id, stable for ever.</param>
/// <param name="Number">Its number in the thread: one more than the last, without gaps.</param>
/// <param name="Body">The author's own text; may be empty when the post only quotes.</param>
/// <param name="Quotes">What the post quotes, by reference.</param>
/// <param name="AnsweredVersion">The version of the thread that its author had in view.</param>
/// <param name="Mask">Set where its words are not in it; left out of an event that has them.</param>
/// <param name="Format">How the text is written; left out of an event where it is Markdown.</param>
/// <param name="ParentId">The post that it answers, as far as that is known; it may be in another thread by now. Left out where there is none.</param>
/// <param name="Late">An import brought it when posts were here that were written after it: by its number it stands behind them. Left out where it did not.</param>
public sealed record ReplyPosted(
    Guid PostId,
    int Number,
    string Body,
    IReadOnlyList<Quote> Quotes,
    long AnsweredVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Mask? Mask = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] PostFormat Format = PostFormat.Markdown,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ParentId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Late = false
) : IPostWritten;

/// <summary>A post got a new revision: the one before plus one.</summary>
/// <param name="Reason">Always there when someone else than the author edited.</param>
/// <param name="RevertsTo">The earlier revision whose words these are; null for words of the editor's own.</param>
/// <param name="Mask">Set where its words are not in it; left out of an event that has them.</param>
/// <param name="Format">How the text is written; left out of an event where it is Markdown.</param>
public sealed record PostEdited(
    Guid PostId,
    string Body,
    IReadOnlyList<Quote> Quotes,
    string? Reason,
    int? RevertsTo = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Mask? Mask = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] PostFormat Format = PostFormat.Markdown
);

/// <summary>Stands in an event in place of words that are not in it, or not any more: its body is empty.</summary>
/// <param name="Why">Why they are not.</param>
/// <param name="Length">How many characters the body had; 0 where nobody knows.</param>
public sealed record Mask(Masking Why, int Length);

[JsonConverter(typeof(JsonStringEnumConverter<Masking>))]
public enum Masking
{
    /// <summary>An admin took one text of a post out of the forum.</summary>
    [JsonStringEnumMemberName("redacted")]
    Redacted,

    /// <summary>
    /// They never came here: what is imported says only that they were changed, and to what, which an edit of the post brings.
    /// </summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Who wrote them was erased.</summary>
    [JsonStringEnumMemberName("erased")]
    Erased,
}

/// <summary>
/// The words of revisions of a post were taken out of the events that brought them, for everyone and for good. It stands in
/// every thread that the post was in with them.
/// </summary>
/// <param name="Revisions">The one that was meant, and those with the same words.</param>
public sealed record RevisionRedacted(Guid PostId, IReadOnlyList<int> Revisions, string Reason);

/// <summary>
/// Words of an erased person were taken out of the thread's events, and out of those that brought its posts to other threads or
/// from there. It changes nothing else.
/// </summary>
/// <param name="Number">The person is "erased member" and this number since.</param>
public sealed record WordsErased(int Number);

/// <summary>
/// Reasons that were given before a time were taken out of the thread's events, because they are not to be kept for longer. It changes
/// nothing else.
/// </summary>
public sealed record ReasonsExpired(DateTimeOffset Before);

/// <summary>
/// A post was taken from view: a hold of its author's or of the moderators' was put on it, by who did it. It keeps its
/// number, and its text stays in the history.
/// </summary>
/// <param name="Reason">Always there when someone else than the author removed it.</param>
public sealed record PostRemoved(Guid PostId, string? Reason);

/// <summary>
/// What a silenced member wrote waits for a moderator: the moderators' hold was put on the post with it. A moderator lifts
/// the hold, or removes the post.
/// </summary>
/// <param name="By">The moderator who silenced the author.</param>
/// <param name="SilenceId">The batch by which that was done: when it is undone, the hold has never been.</param>
public sealed record PostHeld(Guid PostId, Guid By, Guid SilenceId);

/// <summary>
/// A hold on a post was lifted: its author's when its author did it, else the moderators'; the other one where that was
/// the only one. The post is in view again when there is none left.
/// </summary>
public sealed record PostRestored(Guid PostId, string? Reason);

/// <summary>
/// A removal or a restoral was undone: the holds on the post are those that it would have if what was undone had never
/// been.
/// </summary>
/// <param name="Moderators">The moderators' hold, by who put it on when; null for none.</param>
/// <param name="Authors">The author's own.</param>
/// <param name="Reason">Why it was undone.</param>
public sealed record PostHoldsRestored(Guid PostId, Hold? Moderators, Hold? Authors, string Reason);

/// <summary>The thread got another title.</summary>
public sealed record ThreadRenamed(string Title, string? Reason);

/// <summary>The thread takes no replies any more, and only moderators edit, remove and restore its posts.</summary>
public sealed record ThreadLocked(string Reason);

/// <summary>The thread takes replies again.</summary>
public sealed record ThreadUnlocked(string Reason);

/// <summary>The thread's board lists it before the others.</summary>
public sealed record ThreadPinned(string? Reason);

/// <summary>The thread's last post decides again where its board lists it.</summary>
public sealed record ThreadUnpinned(string? Reason);

/// <summary>The thread is in another board, with all its posts.</summary>
/// <param name="BoardId">The board that it is in now.</param>
public sealed record ThreadMoved(Guid BoardId, string Reason);

/// <summary>A thread began with posts of another one: an event that follows says with which.</summary>
/// <param name="BoardId">The board that it is in.</param>
/// <param name="Title">3-255 characters, one line.</param>
/// <param name="FromThreadId">The thread that the posts were in.</param>
/// <param name="StarterId">Who wrote the first of the posts.</param>
/// <param name="StartedAt">When that was.</param>
public sealed record ThreadSplitOff(
    Guid BoardId,
    string Title,
    Guid FromThreadId,
    Guid StarterId,
    DateTimeOffset StartedAt,
    string Reason
);

/// <summary>
/// Posts of the thread are in another one now, whose event says with which numbers. The numbers that they had here stay
/// taken, unless the posts had come here and that was undone.
/// </summary>
/// <param name="ToThreadId">The thread that they are in now.</param>
/// <param name="Posts">The posts, with the numbers that they had here.</param>
/// <param name="Renumbered">Posts that stay, with the numbers that they have again.</param>
/// <param name="LastNumber">The last number of the thread that is taken: the next post gets the one after it.</param>
/// <param name="Unused">How many numbers up to it no post has.</param>
public sealed record PostsMovedOut(
    Guid ToThreadId,
    IReadOnlyList<NumberedPost> Posts,
    IReadOnlyList<NumberedPost> Renumbered,
    int LastNumber,
    int Unused,
    string Reason
);

/// <summary>Posts of another thread are in this one now.</summary>
/// <param name="FromThreadId">The thread that they were in.</param>
/// <param name="Posts">The posts, with the numbers that they have here.</param>
/// <param name="Renumbered">Posts that were here, with the numbers that they have now because others stand before them.</param>
/// <param name="LastNumber">The last number of the thread that is taken: the next post gets the one after it.</param>
/// <param name="Unused">How many numbers up to it no post has.</param>
public sealed record PostsMovedIn(
    Guid FromThreadId,
    IReadOnlyList<MovedPost> Posts,
    IReadOnlyList<NumberedPost> Renumbered,
    int LastNumber,
    int Unused,
    string Reason
);

/// <summary>A post and its number in a thread.</summary>
public sealed record NumberedPost(Guid PostId, int Number);

/// <summary>A post that came from another thread, with the number that it has now, and who wrote it when.</summary>
public sealed record MovedPost(Guid PostId, int Number, Guid AuthorId, DateTimeOffset PostedAt);
