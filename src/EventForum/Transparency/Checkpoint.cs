using System.Buffers.Binary;
using System.Globalization;

namespace EventForum.Transparency;

/// <summary>What a log was at a size, as C2SP tlog-checkpoint writes it.</summary>
/// <param name="Origin">The log's name.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads a signed note: null where it is no checkpoint, or not signed with the key.</summary>
    public static Checkpoint? Open(string note, VerifierKey key)
    {
        note = note.ReplaceLineEndings("\n");
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var text = note[..(end + 1)];
        var lines = text.Split('\n');
        var root = new byte[Tile.HashBytes];
        return
            note[(end + 2)..].Split('\n').Any(line => IsBy(line, key, text))
            && lines.Length >= 4
            && lines[0] == key.Name
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size.ToString(CultureInfo.InvariantCulture) == lines[1]
            && Convert.TryFromBase64String(lines[2], root, out var length)
            && length == root.Length
            ? new Checkpoint(lines[0], size, root)
            : null;
    }

    private static bool IsBy(string line, VerifierKey key, string text)
    {
        var bytes = new byte[512];
        return line.Split(' ') is ["\u2014", var name, var signature]
            && name == key.Name
            && Convert.TryFromBase64String(signature, bytes, out var length)
            && length > 4
            && BinaryPrimitives.ReadUInt32BigEndian(bytes) == key.Id
            && key.HasSigned(text, bytes[4..length]);
    }
}
