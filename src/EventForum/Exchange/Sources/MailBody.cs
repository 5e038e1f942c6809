using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Text;

namespace EventForum.Exchange.Sources;

/// <summary>The text of a mail: its plain text, or else what its HTML says; of attachments, that there are some.</summary>
/// <param name="isMbox">Whether lines that begin with <c>From </c> have a <c>&gt;</c> before them that nobody wrote.</param>
/// <param name="flaw">Gets the kind and the detail of what could not be read as it says it is written.</param>
internal sealed partial class MailBody(bool isMbox, Action<string, string> flaw)
{
    private static readonly EncoderFallback Unused = EncoderFallback.ReplacementFallback;

    private readonly List<string> texts = [];
    private readonly List<string> attached = [];

    static MailBody() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Of(MimeMessage mail, bool isMbox, Action<string, string> flaw)
    {
        var body = new MailBody(isMbox, flaw);
        body.Add(mail.Body);
        var text = string.Join("\n\n", body.texts.Where(text => !string.IsNullOrWhiteSpace(text))).Trim('\n');
        if (body.attached.Count > 0)
        {
            text += $"\n\n[attached: {string.Join(", ", body.attached)}]";
        }

        var left = MailAddresses.LeaveOut(text);
        if (left != text)
        {
            flaw("address", "Addresses in the text are left out of it.");
        }

        return left;
    }

    private void Add(MimeEntity? entity)
    {
        switch (entity)
        {
            case Multipart parts when Is(parts, "alternative"):
                Add(parts.LastOrDefault(part => Holds(part, "plain")) ?? parts.LastOrDefault(HoldsText));
                break;
            case Multipart parts when Is(parts, "signed"):
                Add(parts.FirstOrDefault());
                break;
            case Multipart parts:
                foreach (var part in parts)
                {
                    Add(part);
                }

                break;
            case TextPart { IsAttachment: false } text when text.IsPlain || text.IsHtml:
                texts.Add(Text(text));
                break;
            case MessagePart:
                attached.Add("a mail");
                break;
            case MimePart part when !Is(part, "pgp-signature") && !Is(part, "pkcs7-signature"):
                var name = SourceText.OneLine(part.FileName ?? "");
                attached.Add(name.Length > 0 ? name : part.ContentType.MimeType);
                break;
        }
    }

    private static bool Is(MimeEntity entity, string kind) =>
        entity.ContentType.MediaSubtype.Equals(kind, StringComparison.OrdinalIgnoreCase);

    private static bool HoldsText(MimeEntity entity) => Holds(entity, "html") || entity is Multipart;

    private static bool Holds(MimeEntity entity, string kind) =>
        entity is Multipart parts ? parts.Any(part => Holds(part, kind)) : entity is TextPart && Is(entity, kind);

    private string Text(TextPart part)
    {
        var text = Decode(part).Replace("\r\n", "\n", StringComparison.Ordinal);
        if (part.IsHtml)
        {
            return HtmlText.Of(text);
        }

        if (isMbox && text.Contains(">From ", StringComparison.Ordinal))
        {
            text = string.Join('\n', Unescaped(text.Split('\n')));
        }

        if (part.IsFlowed)
        {
            var deletesSpace = "yes".Equals(part.ContentType.Parameters["delsp"], StringComparison.OrdinalIgnoreCase);
            // What leads to a signature ends its line, though there is a blank at its end.
            text = new FlowedToText { DeleteSpace = deletesSpace }
                .Convert(Signature.Replace(text, "${before}--"))
                .Replace("\r\n", "\n", StringComparison.Ordinal);
        }

        return text.TrimEnd();
    }

    /// <summary>A line among others that are quoted as deep was quoted; else it was escaped.</summary>
    private static IEnumerable<string> Unescaped(string[] lines) =>
        lines.Select(
            (line, i) =>
                Escaped.IsMatch(line) && !IsQuoted(lines, i - 1, Depth(line)) && !IsQuoted(lines, i + 1, Depth(line))
                    ? line[1..]
                    : line
        );

    private static bool IsQuoted(string[] lines, int at, int depth) =>
        at >= 0 && at < lines.Length && Depth(lines[at]) == depth && !Escaped.IsMatch(lines[at]);

    private static int Depth(string line) =>
        line.AsSpan(0, line.Length - line.AsSpan().TrimStart("> ").Length).Count('>');

    private string Decode(TextPart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        var charset = part.ContentType.Charset?.Trim();
        // As the WHATWG reads it: nobody means the control characters that ISO 8859-1 has there.
        var isWindows =
            charset is not null && IsLatin1(charset) && bytes.IndexOfAnyInRange((byte)0x80, (byte)0x9F) >= 0;
        if (charset is not null && !isWindows && Strict(charset, bytes) is { } text)
        {
            return text;
        }

        if (charset is null && Strict("us-ascii", bytes) is { } ascii)
        {
            return ascii;
        }

        foreach (var other in (string[])["utf-8", "windows-1252"])
        {
            if (Strict(other, bytes) is { } guessed)
            {
                flaw(
                    "charset",
                    charset is null
                        ? $"The mail does not say how its text is encoded; it is read as {other}."
                        : $"The text is not in {charset} as it says, or nobody knows that here; it is read as {other}."
                );
                return guessed;
            }
        }

        flaw("charset", $"The text is in no encoding that is known ({charset}); it is read as iso-8859-1.");
        return Encoding.Latin1.GetString(bytes);
    }

    private static bool IsLatin1(string charset) =>
        charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("latin1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where the encoding is not known, or the text is not in it.</summary>
    private static string? Strict(string charset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Encoding.GetEncoding(charset, Unused, DecoderFallback.ExceptionFallback).GetString(bytes);
            return text.TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is DecoderFallbackException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        "^(?<before>>* ?)-- $",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Signature { get; }

    [GeneratedRegex("^>+From ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Escaped { get; }
}
