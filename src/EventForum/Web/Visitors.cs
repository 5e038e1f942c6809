using EventForum.Members;
using EventForum.Platform;

namespace EventForum.Web;

/// <summary>Who looks at a page.</summary>
/// <param name="Member">Null for a guest, and for someone who has signed in and not written yet.</param>
/// <param name="Name">Null for a guest.</param>
/// <param name="IsModerator">Of the board that the page is about.</param>
/// <param name="MayStart">Whether the board lets this visitor start threads, as far as signing in does not matter.</param>
/// <param name="MayReply">Whether it lets this visitor reply.</param>
/// <param name="SeesLog">Whether this visitor reads what moderators did in the board.</param>
/// <param name="BoardClosed">Why the board takes neither; null while it does.</param>
public sealed record Visitor(
    KnownMember? Member,
    string? Name,
    bool IsModerator,
    bool MayStart = true,
    bool MayReply = true,
    string? BoardClosed = null,
    bool SeesLog = false
)
{
    /// <summary>Has no tools. So sees the past whoever looks at it: it cannot be written to.</summary>
    public static Visitor Guest { get; } = new(null, null, false);

    public bool IsSignedIn => Name is not null;

    public bool Is(MemberCard member) => member.Id == Member?.Id;
}

/// <summary>Finds the member behind a request's token.</summary>
public sealed class Visitors(MemberDirectory directory, Readers readers)
{
    /// <param name="boardId">The board that the page is about.</param>
    public async Task<Visitor> OfAsync(HttpContext http, Guid boardId)
    {
        var reader = await readers.OfAsync(http);
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            return Visitor.Guest with { BoardClosed = reader.CloseReason(boardId), SeesLog = reader.SeesLog(boardId) };
        }

        var caller = Caller.From(http.User);
        var member = await directory.FindAsync(http);
        return new Visitor(
            member,
            member?.Name ?? caller.Name,
            reader.Moderates(boardId),
            reader.MayStart(boardId),
            reader.MayReply(boardId),
            reader.CloseReason(boardId),
            reader.SeesLog(boardId)
        );
    }
}
