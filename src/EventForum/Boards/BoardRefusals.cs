using EventForum.Platform;

namespace EventForum.Boards;

/// <summary>Why commands on boards are refused.</summary>
public static class BoardRefusals
{
    public static readonly Refusal NoSuchBoard = new(
        404,
        "board-not-found",
        "There is no such board.",
        "Check the board's id; GET /api/boards lists them. In the past, ask for a time after it was opened."
    );

    public static readonly Refusal MembersUnknown = new(
        422,
        "member-unknown",
        "Somebody named here is no member.",
        "Send ids of members: somebody becomes one by writing, and GET /api/members?name= finds the id."
    );

    public static readonly Refusal PermissionsMissing = new(
        422,
        "permission-missing",
        "Not all permissions are named.",
        "Send see, start, reply and moderate, each as {\"everyone\": true}, {\"roles\": […]}, {\"members\": […]} or {}."
    );

    public static readonly Refusal NothingChanged = new(
        409,
        "nothing-changed",
        "The board is like this already.",
        "Send what is to be different."
    );

    public static readonly Refusal ModeratorsOnly = new(
        403,
        "board-moderators-only",
        "Only who moderates this board may do this.",
        "Ask one of its moderators or an admin."
    );

    public static readonly Refusal AdminsOnly = new(
        403,
        "not-allowed",
        "Your roles do not allow this.",
        "Ask an admin, or sign in as one."
    );

    public static readonly Refusal LogNotPublic = new(
        403,
        "moderation-log-not-public",
        "This board shows only to moderators what they do.",
        "Ask one of its moderators or an admin."
    );

    public static readonly Refusal AlreadyClosed = new(
        409,
        "board-closed-already",
        "The board is closed already.",
        "It takes neither threads nor posts until it is reopened."
    );

    public static readonly Refusal NotClosed = new(
        409,
        "board-not-closed",
        "The board is not closed.",
        "It takes threads and posts."
    );

    public static Refusal NameTaken(string name) =>
        new(
            409,
            "board-name-taken",
            "Another board has this name.",
            $"A board “{Bidi.Isolate(name)}” exists; choose another name."
        );

    public static Refusal Closed(string reason) =>
        new(409, "board-closed", "The board is closed.", $"It takes neither threads nor posts: {Bidi.Isolate(reason)}");
}
