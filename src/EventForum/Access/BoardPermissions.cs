using EventForum.Platform;

namespace EventForum.Access;

/// <summary>Who may do what on a board. Admins may do all of it everywhere, and who moderates a board may do all of it there.</summary>
/// <param name="See">Who sees the board and what is in it; for all others it does not exist.</param>
/// <param name="Start">Who, of those who see it, may start threads.</param>
/// <param name="Reply">Who, of those who see it, may reply and quote.</param>
/// <param name="Moderate">Who moderates it: sees what was removed there, and edits, removes, locks, pins and renames what is another's.</param>
public sealed record BoardPermissions(Audience See, Audience Start, Audience Reply, Audience Moderate)
{
    /// <summary>What a board has until its permissions are changed.</summary>
    public static readonly BoardPermissions Default = new(
        Audience.All,
        Audience.All,
        Audience.All,
        Audience.OfRoles(Role.Moderator)
    );

    public BoardPermissions Normalise() =>
        new(See.Normalise(), Start.Normalise(), Reply.Normalise(), Moderate.Normalise());

    public Refusal? RefusalOf() =>
        See.RefusalOf("see") ?? Start.RefusalOf("start") ?? Reply.RefusalOf("reply") ?? Moderate.RefusalOf("moderate");
}
