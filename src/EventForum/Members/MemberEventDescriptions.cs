using EventForum.Access;
using EventForum.Platform;

namespace EventForum.Members;

internal static class MemberEventDescriptions
{
    private static readonly StreamKind Stream = new("member", typeof(Member));

    public static readonly EventDescription[] All =
    [
        Stream.Event<MemberRegistered>((e, _) => $"{Bidi.Isolate(e.Name)} joined") with
        {
            ForModerators = ["subject"],
        },
        Stream.Event<TitleGranted>(
            (e, words) =>
                e.Title is null
                    ? $"{words.Actor} took back the title of {words.Subject}"
                    : $"{words.Actor} gave {words.Subject} the title “{Bidi.Isolate(e.Title)}”"
        ),
        Stream.Event<TokenRolesChanged>((_, words) => $"{words.Subject} signed in with other roles") with
        {
            ForModerators = ["roles"],
        },
        Stream.Event<RolesGranted>((_, words) => $"{words.Actor} changed the roles of {words.Subject}") with
        {
            ForModerators = ["roles"],
        },
    ];
}
