using EventForum.Members;
using EventForum.Platform;

namespace EventForum.Web;

/// <summary>Who looks at a page.</summary>
/// <param name="MemberId">Null for a guest, and for someone who has signed in and not written yet.</param>
/// <param name="Name">Null for a guest.</param>
/// <param name="IsModerator">Of the board that the page is about.</param>
public sealed record Visitor(Guid? MemberId, string? Name, bool IsModerator)
{
    /// <summary>Has no tools. So sees the past whoever looks at it: it cannot be written to.</summary>
    public static Visitor Guest { get; } = new(null, null, false);

    public bool IsSignedIn => Name is not null;

    public bool Is(MemberCard member) => member.Id == MemberId;
}

/// <summary>Finds the member behind a request's token.</summary>
public sealed class Visitors(MemberDirectory directory)
{
    /// <param name="isModerator">Of the board that the page is about.</param>
    public async Task<Visitor> OfAsync(HttpContext http, bool isModerator)
    {
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            return Visitor.Guest;
        }

        var caller = Caller.From(http.User);
        var member = await directory.FindAsync(caller.Subject, http.RequestAborted);
        return new Visitor(member?.Id, member?.Name ?? caller.Name, isModerator);
    }
}
