using EventForum.Members;
using EventForum.Platform;

namespace EventForum.Web;

/// <summary>Who looks at a page.</summary>
/// <param name="Member">Null for a guest, and for someone who has signed in and not written yet.</param>
/// <param name="Name">Null for a guest.</param>
public sealed record Visitor(KnownMember? Member, string? Name, bool IsModerator)
{
    /// <summary>Has no tools. So sees the past whoever looks at it: it cannot be written to.</summary>
    public static Visitor Guest { get; } = new(null, null, false);

    public bool IsSignedIn => Name is not null;

    public bool Is(MemberCard member) => member.Id == Member?.Id;
}

/// <summary>Finds the member behind a request's token.</summary>
public sealed class Visitors(MemberDirectory directory)
{
    public async Task<Visitor> OfAsync(HttpContext http)
    {
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            return Visitor.Guest;
        }

        var caller = Caller.From(http.User);
        var member = await directory.FindAsync(http);
        return new Visitor(member, member?.Name ?? caller.Name, caller.IsModerator);
    }
}
