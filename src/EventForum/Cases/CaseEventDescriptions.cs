using EventForum.Access;

namespace EventForum.Cases;

internal static class CaseEventDescriptions
{
    private static readonly StreamKind Stream = new("case", typeof(Case));

    public static readonly EventDescription[] All =
    [
        Stream.Event<PostReported>((_, words) => $"A member reported {words.Post}", e => e.PostId) with
        {
            IsForModerators = true,
            IsConfidential = true,
        },
        Stream.Event<CaseTaken>((_, words) => $"{words.Actor} took a case") with
        {
            IsForModerators = true,
        },
        Stream.Event<CaseNoted>((_, _) => "A moderator wrote a note on a case") with
        {
            IsForModerators = true,
            IsConfidential = true,
        },
        Stream.Event<CaseResolved>((_, words) => $"{words.Actor} resolved a case") with
        {
            IsForModerators = true,
        },
        Stream.Event<CaseDismissed>((e, words) => $"{words.Actor} dismissed a case{words.Because(e.Explanation)}") with
        {
            IsForModerators = true,
        },
        Stream.Event<DecisionAppealed>((_, words) => $"{words.Actor} appealed against a decision") with
        {
            IsForModerators = true,
        },
        Stream.Event<AppealDecided>(
            (e, words) =>
                $"{words.Actor} {(e.IsOverturned ? "overturned" : "upheld")} a decision{words.Because(e.Explanation)}"
        ) with
        {
            IsForModerators = true,
        },
    ];
}
