using EventForum.Access;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Threads;
using EventForum.Views.Framework;

namespace EventForum.Tests.Access;

internal static class DescribedEvents
{
    public static IReadOnlyList<EventDescription> All { get; } =
    [
        .. MemberEventDescriptions.All,
        .. BoardEventDescriptions.All,
        .. ThreadEventDescriptions.All,
        .. CaseEventDescriptions.All,
        .. BatchEventDescriptions.All,
        .. ManagedViewEventDescriptions.All,
    ];
}
