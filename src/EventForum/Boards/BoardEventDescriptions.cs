using EventForum.Access;
using EventForum.Platform;

namespace EventForum.Boards;

internal static class BoardEventDescriptions
{
    private static readonly StreamKind Stream = new("board", typeof(Board));

    public static readonly EventDescription[] All =
    [
        Stream.Event<BoardCreated>((e, words) => $"{words.Actor} opened the board “{Bidi.Isolate(e.Name)}”"),
        Stream.Event<BoardRenamed>((e, words) => $"{words.Actor} renamed the board to “{Bidi.Isolate(e.Name)}”"),
        Stream.Event<BoardDescribed>((_, words) => $"{words.Actor} described the board anew"),
        Stream.Event<BoardPermissionsChanged>((_, words) => $"{words.Actor} changed who may do what on the board") with
        {
            ForModerators = ["see", "start", "reply", "moderate"],
        },
        Stream.Event<ModerationLogPublished>(
            (e, words) =>
                e.IsPublic
                    ? $"{words.Actor} had the board show what moderators do"
                    : $"{words.Actor} had the board show only to moderators what they do"
        ),
        Stream.Event<BoardClosed>((e, words) => $"{words.Actor} closed the board{words.Because(e.Reason)}"),
        Stream.Event<BoardReopened>((e, words) => $"{words.Actor} reopened the board{words.Because(e.Reason)}"),
    ];
}
