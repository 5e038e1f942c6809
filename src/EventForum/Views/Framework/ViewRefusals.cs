using EventForum.Platform;

namespace EventForum.Views.Framework;

public static class ViewRefusals
{
    public static Refusal NoSuchView { get; } =
        new(404, "view-not-found", "There is no such view.", "GET /api/views lists the views that there are.");

    public static Refusal Withheld { get; } =
        new(
            403,
            "views-withheld",
            "This tells how much happens in boards that you do not see.",
            "Sign in as somebody who sees all boards. Each view answers with what you see."
        );

    public static Refusal NoSuchEvent { get; } =
        new(
            404,
            "event-not-found",
            "There is no event at this position.",
            "A view that has failed says in GET /api/views on which position."
        );

    public static Refusal HasTakenIn { get; } =
        new(
            409,
            "event-taken-in",
            "The view has taken in this event already.",
            "Only an event that a view has still to take in can be skipped."
        );

    public static Refusal IsRunning { get; } =
        new(
            409,
            "view-running",
            "The view runs, and may be taking in this event just now.",
            "Pause it first: a view that is paused takes in nothing."
        );

    public static Refusal IsSkipped { get; } =
        new(409, "event-skipped", "The view skips this event already.", "It is tried again within seconds.");

    public static Refusal IsPaused { get; } =
        new(409, "view-paused", "The view is paused already.", "Resume it to let it go on.");

    public static Refusal IsNotPaused { get; } =
        new(409, "view-not-paused", "The view is not paused.", "A view that has failed is tried again by itself.");

    public static Refusal UnknownOrder(string known) =>
        new(400, "order-unknown", "This view is not sorted by that.", $"Send by={known}.");
}
