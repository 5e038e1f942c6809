namespace EventForum.Members;

/// <summary>An event with which its actor wrote a post: it counts towards the actor's title.</summary>
public interface IPostWritten
{
    Guid PostId { get; }
}
