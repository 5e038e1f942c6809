using System.Text;
using System.Text.Unicode;

namespace EventForum.Exchange;

/// <summary>The lines of a text file in UTF-8, one at a time: no more of a file is in memory than its longest line.</summary>
internal static class TextLines
{
    /// <summary>A post of the greatest length, written with escapes, and ten times as much said about it.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const string Utf16 = "UTF-16";

    /// <summary>Blank lines are passed over; numbers count them, from 1.</summary>
    /// <exception cref="FormatException">A line is no UTF-8, or too long.</exception>
    public static IEnumerable<(int Number, string Text)> Of(string path) =>
        Utf8Of(path).Select(line => (line.Number, Encoding.UTF8.GetString(line.Utf8)));

    /// <inheritdoc cref="Of(string)" />
    public static IEnumerable<(int Number, byte[] Utf8)> Utf8Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        foreach (var (number, line) in BytesOf(file, path, MaxBytes))
        {
            if (OtherEncoding(line) is { } encoding)
            {
                throw NoText(path, number, encoding);
            }

            if (!line.AsSpan().Trim(" \t\f\v\r"u8).IsEmpty)
            {
                yield return (number, line);
            }
        }
    }

    /// <summary>All lines, each with the encoding that it seems to be in where it is no UTF-8.</summary>
    /// <exception cref="FormatException">A line is too long.</exception>
    public static IEnumerable<(int Number, string Text, string? Encoding)> Of(Stream file, string path, int maxBytes)
    {
        foreach (var (number, line) in BytesOf(file, path, maxBytes))
        {
            yield return OtherEncoding(line) switch
            {
                null => (number, Encoding.UTF8.GetString(line), null),
                Utf16 => (number, "", Utf16),
                var other => (number, Encoding.Latin1.GetString(line), other),
            };
        }
    }

    private static IEnumerable<(int Number, byte[] Line)> BytesOf(Stream file, string path, int maxBytes)
    {
        var buffer = new byte[1 << 16];
        var (start, end, number) = (0, 0, 0);
        var isAll = false;
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0 && !isAll)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length)
                {
                    ThrowIfTooLong(path, number + 1, end, maxBytes);
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                var read = file.Read(buffer, end, buffer.Length - end);
                isAll = read == 0;
                end += read;
                continue;
            }

            if (start == end)
            {
                yield break;
            }

            length = length < 0 ? end - start : length;
            ThrowIfTooLong(path, ++number, length, maxBytes);
            var line = Bare(number, buffer.AsSpan(start, length)).ToArray();
            start = Math.Min(end, start + length + 1);
            yield return (number, line);
        }
    }

    /// <summary>What is said of a line that is no UTF-8.</summary>
    public static FormatException NoText(string path, int number, string encoding) =>
        new(
            $"Line {number} of {Path.GetFileName(path)} is not UTF-8. Nothing of the file is stored. "
                + $"Convert it, for example with iconv -f {encoding} -t UTF-8."
        );

    /// <summary>Without what marks the beginning of a file, and the end of a line.</summary>
    private static ReadOnlySpan<byte> Bare(int number, ReadOnlySpan<byte> line)
    {
        line = number == 1 && line.StartsWith(Encoding.UTF8.Preamble) ? line[3..] : line;
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    /// <summary>The encoding that a line seems to be in; null where it is UTF-8.</summary>
    private static string? OtherEncoding(ReadOnlySpan<byte> line) =>
        line.Contains((byte)0) ? Utf16
        : Utf8.IsValid(line) ? null
        : line is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? Utf16
        : "LATIN1";

    private static void ThrowIfTooLong(string path, int number, int length, int maxBytes)
    {
        if (length > maxBytes)
        {
            throw new FormatException(
                $"Line {number} of {Path.GetFileName(path)} has more than {maxBytes / 1024 / 1024} MiB. Nothing of the file is stored."
            );
        }
    }
}
