using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace EventForum.Exchange.Sources;

/// <summary>A mail in a file.</summary>
/// <param name="Number">Of the mail in its file, from 1.</param>
internal sealed record MailInFile(string File, int Number, bool IsMbox, MimeMessage Mail);

/// <summary>The mails in an mbox file, in a file of one mail, and in a folder of such files, as maildirs are.</summary>
/// <param name="noMail">Gets each file of the folder that is neither, and why.</param>
/// <param name="progress">Gets how many bytes are read, of how many.</param>
internal sealed partial class MailFiles(Action<string, string> noMail, Action<long, long> progress)
{
    private const int Glance = 4_096;

    /// <exception cref="FormatException">The one file that is named is no mail.</exception>
    public IEnumerable<MailInFile> Of(string path)
    {
        var files = Directory.Exists(path) ? InFolder(path) : [path];
        var total = files.Sum(file => new FileInfo(file).Length);
        var before = 0L;
        foreach (var file in files)
        {
            var first = Beginning(file);
            if (Unsent.IsMatch(file))
            {
                noMail(file, "It is a draft, or was deleted.");
            }
            else if (first.StartsWith("From ", StringComparison.Ordinal) || Header.IsMatch(first))
            {
                foreach (var mail in In(file, isMbox: !Header.IsMatch(first), before, total))
                {
                    yield return mail;
                }
            }
            else if (file == path)
            {
                throw new FormatException(
                    $"{path} is no mail. An mbox file begins with a line \"From …\", and a file of one mail with its headers."
                );
            }
            else if (first.Length > 0)
            {
                noMail(file, "It begins neither as an mbox file nor as a mail.");
            }

            before += new FileInfo(file).Length;
            progress(before, total);
        }
    }

    /// <summary>What a maildir has in tmp is not delivered yet.</summary>
    private static List<string> InFolder(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => !(Path.GetFileName(Path.GetDirectoryName(file)) == "tmp" && IsMaildir(file)))
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsMaildir(string file) =>
        Directory.Exists(Path.Combine(Path.GetDirectoryName(file)!, "../cur"));

    private IEnumerable<MailInFile> In(string file, bool isMbox, long before, long total)
    {
        using var raw = File.OpenRead(file);
        using var stream = Unpacked(raw, file);
        var number = 0;
        foreach (
            var content in isMbox ? MboxFile.Mails(stream).Select(Stream (bytes) => new MemoryStream(bytes)) : [stream]
        )
        {
            using var mail = Read(content, file, ++number);
            if (mail is not null)
            {
                yield return new MailInFile(file, number, isMbox, mail);
            }

            progress(before + raw.Position, total);
        }
    }

    private MimeMessage? Read(Stream content, string file, int number)
    {
        try
        {
            return MimeMessage.Load(content);
        }
        catch (FormatException e)
        {
            noMail(file, $"Mail {number} of it cannot be read: {e.Message}");
            return null;
        }
    }

    private static string Beginning(string file)
    {
        using var raw = File.OpenRead(file);
        using var stream = Unpacked(raw, file);
        var glance = new byte[Glance];
        var length = stream.ReadAtLeast(glance, Glance, throwOnEndOfStream: false);
        return Encoding.Latin1.GetString(glance, 0, length).TrimStart('\r', '\n');
    }

    private static Stream Unpacked(FileStream file, string name) =>
        name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;

    /// <summary>The flags at the end of a maildir's file name say so.</summary>
    [GeneratedRegex("[:;!]2,[A-Za-z]*[DT][A-Za-z]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unsent { get; }

    [GeneratedRegex(
        @"^[A-Za-z][A-Za-z0-9-]*:.*\n([A-Za-z][A-Za-z0-9-]*:|[ \t])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Header { get; }
}
