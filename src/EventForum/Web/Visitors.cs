using EventForum.Members;
using EventForum.Platform;
using Marten;

namespace EventForum.Web;

/// <summary>Who looks at a page.</summary>
/// <param name="MemberId">Null for a guest, and for someone who has signed in and not written yet.</param>
/// <param name="Name">Null for a guest.</param>
public sealed record Visitor(Guid? MemberId, string? Name, bool IsModerator)
{
    /// <summary>Has no tools. So sees the past whoever looks at it: it cannot be written to.</summary>
    public static Visitor Guest { get; } = new(null, null, false);

    public bool IsSignedIn => Name is not null;

    public bool Is(MemberCard member) => member.Id == MemberId;
}

/// <summary>Finds the member behind a request's token.</summary>
public sealed class Visitors(MemberDirectory directory, IDocumentStore store)
{
    public async Task<Visitor> OfAsync(HttpContext http)
    {
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            return Visitor.Guest;
        }

        var caller = Caller.From(http.User);
        var member = directory.Find(caller.Subject) ?? await ReadAsync(caller.Subject, http.RequestAborted);
        return new Visitor(member?.Id, member?.Name ?? caller.Name, caller.IsModerator);
    }

    private async Task<KnownMember?> ReadAsync(string subject, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        if (
            await session.Query<Member>().FirstOrDefaultAsync(m => m.Subject == subject, cancellation) is not { } member
        )
        {
            return null;
        }

        directory.Learn(subject, member.Id, member.Name);
        return new KnownMember(member.Id, member.Name);
    }
}
