namespace EventForum.Acceptance.RealInput;

/// <summary>A line of the archive of a phpBB forum.</summary>
internal sealed record ArchivedPost(
    string Thread,
    string ThreadTitle,
    string Post,
    string Author,
    string Body,
    string? Section = null
)
{
    public const string File = "forum-threads.jsonl";
}
