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
        if (SignedNote.Parse(note) is not { } signed || !signed.LinesBy(key).Any())
        {
            return null;
        }

        var lines = signed.Text.Split('\n');
        var root = new byte[Tile.HashBytes];
        return
            lines.Length >= 4
            && lines[0] == key.Name
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size.ToString(CultureInfo.InvariantCulture) == lines[1]
            && Convert.TryFromBase64String(lines[2], root, out var length)
            && length == root.Length
            ? new Checkpoint(lines[0], size, root)
            : null;
    }
}
