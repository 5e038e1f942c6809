using EventForum.Platform;

namespace EventForum.Cases;

/// <summary>Every way in which a report, or a command on a case, can be refused.</summary>
public static class CaseRefusals
{
    /// <summary>Also for who may not know of it.</summary>
    public static Refusal NoSuchCase { get; } =
        new(404, "case-not-found", "There is no such case.", "Check its id; GET /api/moderation/cases lists cases.");

    /// <summary>Also for who may not know of it.</summary>
    public static Refusal NoSuchDecision { get; } =
        new(
            404,
            "decision-not-found",
            "There is no such decision.",
            "GET /api/me/decisions lists the decisions about your posts."
        );

    public static Refusal OwnPost { get; } =
        new(403, "own-post", "This post is your own.", "Edit or remove it; it needs no report.");

    public static Refusal AlreadyReported { get; } =
        new(
            409,
            "already-reported",
            "You have reported this post already.",
            "A moderator will decide; GET /api/me/reports says what became of it."
        );

    public static Refusal Closed { get; } =
        new(409, "case-closed", "The case is decided already.", "GET /api/moderation/cases/{id} says how.");

    public static Refusal AlreadyTaken { get; } =
        new(409, "case-taken", "You have taken the case already.", "Nothing needs to be done.");

    public static Refusal TakenByAnother { get; } =
        new(
            409,
            "case-taken-by-another",
            "Another moderator works on the case.",
            "Take it first, if the two of you agree."
        );

    public static Refusal AlreadyAppealed { get; } =
        new(
            409,
            "already-appealed",
            "You have appealed against this decision already.",
            "There is one appeal; GET /api/cases/{id}/statement says what became of it."
        );

    public static Refusal NotAppealed { get; } =
        new(
            409,
            "not-appealed",
            "There is no appeal to decide about.",
            "Nobody appealed, or it has been decided about."
        );

    public static Refusal AnotherDecides { get; } =
        new(
            403,
            "another-moderator-decides",
            "You made the decision that is appealed against.",
            "Another moderator decides about the appeal."
        );

    public static Refusal OutcomeUnknown { get; } =
        new(422, "outcome-unknown", "This is no outcome of an appeal.", "Send an outcome: upheld or overturned.");

    public static Refusal ReasonUnknown(IEnumerable<string> keys) =>
        new(
            422,
            "report-reason-unknown",
            "There is no such reason.",
            $"Send the key of a reason: {string.Join(", ", keys)}."
        );
}
