using System.Text.RegularExpressions;
using EventForum.Platform;
using MimeKit;
using MimeKit.Utils;

namespace EventForum.Exchange.Sources;

/// <summary>Who wrote a mail, when, about what, and what it answers. No address is kept of any of it.</summary>
internal static partial class MailHeaders
{
    /// <summary>A mail's name in this forum, which is none of the address that many are.</summary>
    public static Guid Id(string messageId) => StableId.Of("mail", messageId.Trim('<', '>', ' '));

    /// <summary>Mails that have no id are told apart by all that they say.</summary>
    public static Guid IdOf(MimeMessage mail, string body) =>
        mail.MessageId is { Length: > 0 } id
            ? Id(id)
            : StableId.Of(
                "mail without id",
                mail.Headers[HeaderId.From] ?? "",
                mail.Headers[HeaderId.Date] ?? "",
                mail.Subject ?? "",
                body
            );

    /// <summary>What the mail refers to; what it answers comes last.</summary>
    public static IReadOnlyList<Guid> Ancestors(MimeMessage mail)
    {
        var ids = mail.References.Select(Id).ToList();
        var answered = mail.InReplyTo is { Length: > 0 } id ? Id(id) : (Guid?)null;
        if (ids.Count == 0 && answered is { } parent)
        {
            ids.Add(parent);
        }

        var self = mail.MessageId is { Length: > 0 } own ? Id(own) : Guid.Empty;
        return [.. ids.Where(ancestor => ancestor != self)];
    }

    /// <summary>
    /// The author's name, null without one, and a key that stays the same while the address does.
    /// </summary>
    public static (string? Name, string Key) Author(MimeMessage mail)
    {
        var raw = mail.Headers[HeaderId.From] ?? "";
        if (Disguised.Match(raw) is { Success: true } archived)
        {
            return Author(archived.Groups["name"].Value, $"{archived.Groups["user"]}@{archived.Groups["host"]}");
        }

        var from = mail.From.Mailboxes.FirstOrDefault() ?? mail.Sender;
        if (from is null)
        {
            return Author(raw, "");
        }

        // A list that writes in its own name says behind whose, and where the answers go.
        var (name, address) = (from.Name ?? "", from.Address ?? "");
        if (Via.Match(name) is { Success: true } via)
        {
            name = via.Groups["name"].Value;
            address = mail.ReplyTo.Mailboxes.Select(to => to.Address).FirstOrDefault(to => to != address) ?? "";
        }

        return Author(name, address);
    }

    private static (string? Name, string Key) Author(string name, string address)
    {
        name = MailAddresses.NameOf(name);
        var key = address.Length > 0 ? address.Trim().ToLowerInvariant() : name;
        return (name.Length > 0 ? name : null, StableId.Of("mail author", key).ToString("N")[..16]);
    }

    /// <summary>When it was written, or else received; null where no header says a time that can be.</summary>
    public static DateTimeOffset? Time(MimeMessage mail, DateTimeOffset now, out bool isDoubtful)
    {
        isDoubtful = false;
        foreach (var text in Times(mail))
        {
            if (DateUtils.TryParse(text, out var time) && time.UtcDateTime.Year >= 1970 && time <= now)
            {
                return time.ToUniversalTime();
            }

            isDoubtful = true;
        }

        return null;
    }

    private static IEnumerable<string> Times(MimeMessage mail) =>
        new[] { mail.Headers[HeaderId.Date], mail.Headers[HeaderId.ResentDate] }
            .Concat(
                mail.Headers.Where(header => header.Id == HeaderId.Received)
                    .Select(header => header.Value[(header.Value.LastIndexOf(';') + 1)..])
            )
            .OfType<string>();

    /// <summary>The list or newsgroup that it was sent to.</summary>
    public static string? List(MimeMessage mail)
    {
        if (mail.Headers[HeaderId.ListId] is { } list && ListName.Match(list) is { Success: true } name)
        {
            return name.Groups["name"].Value;
        }

        return mail.Headers[HeaderId.Newsgroups]?.Split(',')[0].Trim() is { Length: > 0 } group ? group : null;
    }

    /// <summary>The subject without what mailers and lists put before it.</summary>
    public static string Subject(MimeMessage mail, string? list)
    {
        var subject = MailAddresses.LeaveOut(SourceText.OneLine(mail.Subject ?? ""));
        while (true)
        {
            var left = Reply.Replace(subject, "");
            var tag = list is null ? "" : $"[{list}]";
            left =
                tag.Length > 0 && left.StartsWith(tag, StringComparison.OrdinalIgnoreCase) ? left[tag.Length..] : left;
            left = left.Trim();
            if (left == subject || left.Length == 0)
            {
                return subject;
            }

            subject = left;
        }
    }

    [GeneratedRegex(
        @"^(re|aw|antw|antwort|sv|vs|odp|ref|rif|回复|答复)(\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Reply { get; }

    [GeneratedRegex(
        @"^([^<]*<|\s*)(?<name>[^<>.\s@]+)[^<>\s@]*(>|\s*$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex ListName { get; }

    /// <summary>As archives write it: <c>ann at example.org (Ann)</c>.</summary>
    [GeneratedRegex(
        @"^\s*(?<user>\S+) at (?<host>\S+)(\s+\((?<name>.*)\))?\s*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Disguised { get; }

    [GeneratedRegex(
        @"^['""]*(?<name>.+?)['""]*\s+via\s+\S.*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Via { get; }
}
