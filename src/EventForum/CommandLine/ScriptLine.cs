using System.Text.Json.Serialization;

namespace EventForum.CommandLine;

/// <summary>A command in a script: a JSON object a line, sent in order, all on the thread that the script starts.</summary>
/// <param name="Command">
/// StartThread, PostReply, QuotePost, EditPost, RemovePost, RestorePost, RenameThread, LockThread, UnlockThread,
/// PinThread or UnpinThread.
/// </param>
/// <param name="Author">The name of the member who sends it; its token is made on the way.</param>
/// <param name="AuthorTitle">A title that the author is granted; null leaves it to the ladder.</param>
/// <param name="Role">member, moderator or admin.</param>
/// <param name="Board">The board to start the thread in; it is created when there is none of that name.</param>
/// <param name="Quotes">The number of the post that is quoted.</param>
/// <param name="Post">The number of the post that is edited, removed or restored; on other commands a remark.</param>
/// <param name="Format">How the body is written: markdown, bbcode, mail or text.</param>
public sealed record ScriptLine(
    string Command,
    string Author,
    [property: JsonPropertyName("author_title")] string? AuthorTitle = null,
    string Role = "member",
    string? Board = null,
    string? BoardDescription = null,
    string? Title = null,
    string? Body = null,
    string? Excerpt = null,
    string? Reason = null,
    int? Quotes = null,
    int? Post = null,
    string? Format = null
);
