using System.Text;
using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>Takes an mbox file apart: a mail begins with a line <c>From … 10:00:00 2001</c> after a blank one.</summary>
internal static partial class MboxFile
{
    private const int Glance = 1_000;

    /// <summary>The mails as they are, without the lines between them.</summary>
    public static IEnumerable<byte[]> Mails(Stream stream)
    {
        var mail = new MemoryStream();
        byte[]? mark = null;
        var isAfterBlank = true;
        foreach (var line in Lines(stream))
        {
            // Of what begins like a mark, only what stands before a header is one: people begin paragraphs like that, too.
            if (mark is not null && Header.IsMatch(Text(line)))
            {
                if (mail.Length > 0)
                {
                    yield return mail.ToArray();
                }

                mail.SetLength(0);
                mark = null;
            }

            mail.Write(mark);
            mark = isAfterBlank && line.AsSpan().StartsWith("From "u8) && Mark.IsMatch(Text(line)) ? line : null;
            mail.Write(mark is null ? line : []);
            isAfterBlank = line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'];
        }

        mail.Write(mark);
        if (mail.Length > 0)
        {
            yield return mail.ToArray();
        }
    }

    private static IEnumerable<byte[]> Lines(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var line = new List<byte>();
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            for (var start = 0; start < read; )
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                line.AddRange(buffer.AsSpan(start, (end < 0 ? read : end + 1) - start));
                start = end < 0 ? read : end + 1;
                if (end >= 0)
                {
                    yield return [.. line];
                    line.Clear();
                }
            }
        }

        if (line.Count > 0)
        {
            yield return [.. line];
        }
    }

    private static string Text(byte[] line) => Encoding.Latin1.GetString(line, 0, Math.Min(line.Length, Glance));

    [GeneratedRegex(@"^From .*[0-9]:[0-9][0-9]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Mark { get; }

    [GeneratedRegex("^>?[!-9;-~]+:|^>From ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Header { get; }
}
