using System.Formats.Tar;
using System.IO.Compression;

namespace EventForum.Exchange.Sources;

/// <summary>The lines of a database dump in a file, packed or not, or in the archive that a backup is.</summary>
internal static class DumpFile
{
    /// <summary>mysqldump puts a megabyte of rows in a line unless it was told otherwise.</summary>
    private const int MaxLine = 256 * 1024 * 1024;

    /// <param name="progress">Gets how many bytes of the file are read, of how many.</param>
    /// <exception cref="FormatException">The file is no text, but a dump in a form of PostgreSQL's own.</exception>
    public static IEnumerable<(int Number, string Text, string? Encoding)> Lines(
        string path,
        Action<long, long> progress
    )
    {
        using var file = File.OpenRead(path);
        using var stream = Unpacked(file, path);
        var total = file.Length;
        foreach (var line in TextLines.Of(stream, path, MaxLine))
        {
            if (line.Number == 1 && line.Text.StartsWith("PGDMP", StringComparison.Ordinal))
            {
                throw new FormatException(
                    $"{path} is a dump in PostgreSQL's custom format. Make text of it first: pg_restore -f dump.sql {path}"
                );
            }

            yield return line;
            progress(file.Position, total);
        }
    }

    private static Stream Unpacked(Stream file, string path)
    {
        var stream = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
        if (
            !path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase)
            && !path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
            && !path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)
        )
        {
            return stream;
        }

        var archive = new TarReader(stream);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data)
            {
                continue;
            }

            if (entry.Name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
            {
                return data;
            }

            if (entry.Name.EndsWith(".sql.gz", StringComparison.OrdinalIgnoreCase))
            {
                return new GZipStream(data, CompressionMode.Decompress);
            }
        }

        throw new FormatException($"{path} holds no dump of a database: no file in it ends with .sql or .sql.gz.");
    }

    private static bool IsGzip(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic is [0x1F, 0x8B];
    }
}
