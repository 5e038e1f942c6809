using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>
/// Takes addresses out of mails: those who wrote to a list did not agree to have theirs on the pages of a forum, and
/// what others quote of them has them, too.
/// </summary>
internal static partial class MailAddresses
{
    private const string Stand = "<address>";

    public static string LeaveOut(string text) =>
        text.Contains('@', StringComparison.Ordinal) || text.Contains(" at ", StringComparison.Ordinal)
            ? Address.Replace(text, Stand)
            : text;

    /// <summary>A name without the address that stands in it; empty where there is nothing else.</summary>
    public static string NameOf(string name)
    {
        var left = LeaveOut(name).Replace(Stand, "", StringComparison.Ordinal);
        left = left.Replace("()", "", StringComparison.Ordinal).Trim(' ', '"', '\'', '<', '>', ',', ';');
        return left.Contains('@', StringComparison.Ordinal) ? "" : left;
    }

    /// <summary>In angle brackets, where no dot is needed, also as archives disguise them; else with a domain's end.</summary>
    [GeneratedRegex(
        """
            <(mailto:)?[^<>\s@]{1,200}(@|[ ]at[ ])[^<>\s@]{1,200}>
            | (?<![\w.%+=-])[\w.%+=-]{1,100}@([\w-]{1,63}\.){1,8}(?!(png|jpe?g|gif|svg|webp)\b)[a-zA-Z]{2,24}\b
            | (?<![\w.%+=-])[\w.%+=-]{1,100}@\[[0-9a-fA-F:.]{3,60}\]
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Address { get; }
}
