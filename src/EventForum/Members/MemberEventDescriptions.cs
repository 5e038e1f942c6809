using System.Globalization;
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
        Stream.Event<MemberSuspended>(
            (e, words) =>
                e.Automatic == true
                    ? $"{words.Subject} was suspended automatically, with the warning by {words.Actor}"
                    : $"{words.Actor} suspended {words.Subject}"
        ) with
        {
            IsForModerators = true,
        },
        Stream.Event<SuspensionLifted>((_, words) => $"{words.Actor} lifted the suspension of {words.Subject}") with
        {
            IsForModerators = true,
        },
        Stream.Event<MemberSilenced>((_, words) => $"{words.Actor} silenced {words.Subject}") with
        {
            IsForModerators = true,
        },
        Stream.Event<SilenceLifted>((_, words) => $"{words.Actor} lifted the silence of {words.Subject}") with
        {
            IsForModerators = true,
        },
        Stream.Event<MemberWarned>((_, words) => $"{words.Actor} warned {words.Subject}") with
        {
            IsForModerators = true,
        },
        Stream.Event<StandingRestored>((_, words) => $"{words.Actor} undid what was decided about {words.Subject}") with
        {
            IsForModerators = true,
        },
        Stream.Event<RolesGranted>((_, words) => $"{words.Actor} changed the roles of {words.Subject}") with
        {
            ForModerators = ["roles"],
        },
        Stream.Event<AccountClaimed>(
            (e, words) =>
                e.MemberId is null
                    ? $"{words.Actor} said that nobody who signs in is {words.Subject}"
                    : $"{words.Actor} said who signs in as {words.Subject}"
        ) with
        {
            IsForModerators = true,
        },
        Stream.Event<AccountMerged>(
            (e, words) =>
                e.MemberId is null
                    ? $"{words.Actor} said that {words.Subject} is nobody else"
                    : $"{words.Actor} said whom {words.Subject} writes as"
        ) with
        {
            IsForModerators = true,
        },
        Stream.Event<MemberErased>(
            (e, words) =>
                $"{words.Actor} erased the person who is erased member {e.Number} since{(e.Scope == ErasureScope.NameAndWords ? ", with all words" : "")}"
        ) with
        {
            ForModerators = ["reason"],
        },
        Stream.Event<SubjectExpired>((_, words) => $"{words.Actor} took out by whom {words.Subject} signed in") with
        {
            IsForModerators = true,
        },
        Stream.Event<RetentionApplied>(
            (e, words) =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{words.Actor} took out of {e.Counts.Sum(count => count.Events):N0} events what is not kept for longer"
                )
        ) with
        {
            IsForModerators = true,
        },
    ];
}
