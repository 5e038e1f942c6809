using EventForum.Platform;

namespace EventForum.Commands;

/// <summary>The answer that a command with this key got, kept so that a retry gets it again.</summary>
/// <param name="Id">The member's subject and the key.</param>
/// <param name="Request">A hash of the command, to tell a retry from another command with the same key.</param>
/// <param name="StreamId">Where its events went; the last of them has the receipt's version.</param>
public sealed record GivenAnswer(string Id, string Request, Guid StreamId, Receipt Receipt)
{
    /// <summary>A key holds no line feed: no other member's subject and key read alike.</summary>
    public static string? IdFor(Caller caller, string? key) => key is null ? null : PrefixOf(caller.Subject) + key;

    /// <summary>What the ids of all answers begin with that somebody was given.</summary>
    internal static string PrefixOf(string subject) => subject + "\n";
}
