using EventForum.Cases;

namespace EventForum.Web;

/// <summary>What pages call the states of cases and what happens to them.</summary>
internal static class CaseWords
{
    public static string State(CaseState state) =>
        state switch
        {
            CaseState.Open => "Open",
            CaseState.Resolved => "Resolved",
            CaseState.Dismissed => "Dismissed",
            CaseState.Appealed => "Appealed",
            CaseState.Upheld => "Upheld on appeal",
            CaseState.Overturned => "Overturned on appeal",
            _ => "",
        };

    /// <summary>In words that follow a name.</summary>
    public static string Sentence(CaseEntry entry) =>
        entry.Type switch
        {
            "post_reported" => $"reported revision {entry.Revision}",
            "case_taken" => "took the case",
            "case_noted" => "noted, for moderators",
            "case_resolved" => "resolved it",
            "case_dismissed" => "dismissed it",
            "decision_appealed" => "appealed",
            "appeal_decided" => entry.IsOverturned == true ? "overturned the decision" : "upheld the decision",
            _ => "did something",
        };
}
