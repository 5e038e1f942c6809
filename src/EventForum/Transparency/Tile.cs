using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EventForum.Transparency;

/// <summary>A part of the tree as C2SP tlog-tiles serves it: up to 256 hashes of one level, each over 256 of the level below.</summary>
/// <param name="Level">0 for the leaves.</param>
/// <param name="Width">How many hashes: 256, or less where the tree ends.</param>
internal sealed partial record Tile(int Level, long Index, int Width)
{
    /// <summary>How many hashes a full tile has.</summary>
    public const int Full = 256;

    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Reads what an address holds behind the level: <c>x001/x234/067</c>, and for a partial tile <c>.p/</c> and its width.</summary>
    /// <returns>Null where it is not written as it must be.</returns>
    public static Tile? Parse(int level, string path)
    {
        var match = Path().Match(path);
        var digits = match.Groups["index"].Value.Replace("x", "", StringComparison.Ordinal);
        if (
            !match.Success
            || !long.TryParse(
                digits.Replace("/", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture,
                out var index
            )
            || IndexPath(index) != match.Groups["index"].Value
        )
        {
            return null;
        }

        var width = match.Groups["width"] is { Success: true } given
            ? int.Parse(given.Value, CultureInfo.InvariantCulture)
            : Full;
        return width < Full || !match.Groups["width"].Success ? new Tile(level, index, width) : null;
    }

    public static string IndexPath(long index)
    {
        var path = (index % 1000).ToString("D3", CultureInfo.InvariantCulture);
        for (var rest = index / 1000; rest > 0; rest /= 1000)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:D3}/{path}");
        }

        return path;
    }

    /// <summary>Where the hash of a perfect subtree comes from: so many hashes of a tile, from one on.</summary>
    public static (int Level, long Index, int First, int Count) Holding(int level, long index)
    {
        var below = level % 8;
        var first = index << below;
        return (level / 8, first / Full, (int)(first % Full), 1 << below);
    }

    [GeneratedRegex(
        @"\A(?<index>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?<width>[1-9][0-9]{0,2}))?\z",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Path();
}
