using EventForum.Platform;

namespace EventForum.Cases;

/// <summary>
/// Why posts may be reported: the section <c>Reports</c> of the configuration, as in <c>Reports__Reasons__0__Key=spam</c>
/// and <c>Reports__Reasons__0__Label=Spam</c>.
/// </summary>
public sealed class ReportReasons
{
    /// <summary>Up to 50. Unless any are named: spam, insult, illegal, off-topic, other.</summary>
    public IReadOnlyList<ReportReason> Reasons { get; set; } = [];

    public static IReadOnlyList<ReportReason> Default { get; } =
    [
        new("spam", "Spam or advertising"),
        new("insult", "Insults or harassment"),
        new("illegal", "Against the law"),
        new("off-topic", "Has nothing to do with the thread"),
        new("other", "Something else"),
    ];

    public IReadOnlyList<ReportReason> All => Reasons.Count == 0 ? Default : Reasons;

    public IEnumerable<string> Keys => All.Select(reason => reason.Key);

    /// <summary>What a key stands for; the key itself where the configuration does not name it any more.</summary>
    public string LabelOf(string key) => All.FirstOrDefault(reason => reason.Key == key)?.Label ?? key;

    /// <summary>What is wrong with the configuration, in a sentence; null for nothing.</summary>
    public string? Flaw() =>
        All.Count > 50 ? "Reports:Reasons names more than 50 reasons."
        : All.FirstOrDefault(reason =>
            PlainLine.RefusalOf(reason.Key, "key", 1, 50) is not null
            || PlainLine.RefusalOf(reason.Label, "label", 1, 100) is not null
        )
            is { } bad
            ? $"Reports:Reasons has a reason whose Key is not 1 to 50 characters, or whose Label is not 1 to 100: {bad.Key}."
        : All.DistinctBy(reason => reason.Key, StringComparer.Ordinal).Count() < All.Count
            ? "Reports:Reasons names a Key twice."
        : null;
}

/// <param name="Key">What programs send, and what is kept: 1-50 characters.</param>
/// <param name="Label">What people read: 1-100 characters.</param>
public sealed record ReportReason(string Key, string Label);
