using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Threads.Quoting;

/// <summary>Bare addresses in text that is no Markdown, as links.</summary>
internal static partial class Addresses
{
    private const int MaxLength = 2_000;

    /// <summary>The text as HTML, with links.</summary>
    public static void Append(StringBuilder html, string text)
    {
        var start = 0;
        foreach (Match match in Address.Matches(text))
        {
            var address = text.AsSpan(match.Index, Length(match.ValueSpan)).ToString();
            if (match.Length > MaxLength || Target(address) is not { } target)
                continue;
            html.Append(Html.Encode(text[start..match.Index]));
            AppendLink(html, target, Html.Encode(address));
            start = match.Index + address.Length;
        }

        html.Append(Html.Encode(text[start..]));
    }

    public static void AppendLink(StringBuilder html, string target, string content) =>
        html.Append("<a href=\"")
            .Append(Html.Encode(target))
            .Append("\" rel=\"")
            .Append(SafeHtml.Rel)
            .Append("\">")
            .Append(content)
            .Append("</a>");

    /// <summary>Where an address leads to; null for one that is none, or that no link may lead to.</summary>
    public static string? Target(string address)
    {
        var target = address.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? "http://" + address : address;
        return
            target.Length <= MaxLength
            && Uri.TryCreate(target, UriKind.Absolute, out var uri)
            && (
                uri is { Scheme: "http" or "https", Host.Length: > 0 }
                || (uri.Scheme == "mailto" && target.Contains('@', StringComparison.Ordinal))
            )
            ? target
            : null;
    }

    /// <summary>A sentence's marks behind an address are none of it, nor is a bracket that was opened before it.</summary>
    private static int Length(ReadOnlySpan<char> address)
    {
        var opened = address.Count('(') - address.Count(')');
        var end = address.Length;
        while (
            end > 0
            && (
                ".,;:!?'*_]}".Contains(address[end - 1], StringComparison.Ordinal)
                || (address[end - 1] == ')' && opened < 0)
            )
        )
        {
            opened += address[--end] == ')' ? 1 : 0;
        }

        return end;
    }

    [GeneratedRegex(
        """(?<![\w@/])(?:https?://|www\.|mailto:)[^\s<>"]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Address { get; }
}
