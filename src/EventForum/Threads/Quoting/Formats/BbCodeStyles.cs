using System.Globalization;

namespace EventForum.Threads.Quoting;

/// <summary>Sizes and colours that BBCode asks for, as the few that are legible on every page.</summary>
internal static class BbCodeStyles
{
    public static readonly IReadOnlyList<string> Colors =
    [
        "red",
        "orange",
        "yellow",
        "green",
        "teal",
        "blue",
        "purple",
        "gray",
    ];

    /// <summary>The class of a size; null for the size that text has anyway.</summary>
    /// <param name="size">1 to 7 as vBulletin and XenForo count, pixels, percent of phpBB, or a word of CSS.</param>
    public static string? SizeClass(string size)
    {
        size = size.Trim().ToLowerInvariant();
        var digits = size.TrimEnd('p', 'x', 't', '%');
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return size switch
            {
                "xx-small" or "x-small" => "size-1",
                "small" => "size-2",
                "large" => "size-4",
                "x-large" or "xx-large" => "size-5",
                _ => null,
            };
        }

        int[] bounds =
            digits.Length < size.Length && !size.EndsWith('%') || number is > 7 and < 30 ? [9, 12, 17, 22]
            : number <= 7 ? [1, 2, 4, 5]
            : [60, 90, 120, 160];
        return Array.FindIndex(bounds, bound => number <= bound) switch
        {
            0 => "size-1",
            1 => "size-2",
            2 => null,
            3 => "size-4",
            _ => "size-5",
        };
    }

    /// <summary>The class of the nearest colour; null for black, white and what is no colour.</summary>
    /// <param name="color">A name of HTML, or <c>#rrggbb</c>.</param>
    public static string? ColorClass(string color) =>
        color.Trim().ToLowerInvariant() switch
        {
            "red" or "darkred" or "maroon" or "crimson" or "brown" or "firebrick" => "color-red",
            "orange" or "darkorange" or "orangered" or "coral" or "chocolate" => "color-orange",
            "yellow" or "gold" or "olive" => "color-yellow",
            "green" or "darkgreen" or "lime" or "limegreen" or "seagreen" => "color-green",
            "teal" or "cyan" or "aqua" or "turquoise" => "color-teal",
            "blue" or "darkblue" or "navy" or "royalblue" or "skyblue" => "color-blue",
            "purple" or "violet" or "indigo" or "magenta" or "fuchsia" or "pink" or "deeppink" => "color-purple",
            "gray" or "grey" or "silver" or "darkgray" or "lightgray" => "color-gray",
            ['#', .. var hex] => Nearest(hex),
            _ => null,
        };

    private static string? Nearest(string hex)
    {
        hex = hex.Length == 3 ? string.Concat(hex.Select(c => $"{c}{c}")) : hex;
        if (
            hex.Length != 6
            || !int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
        )
            return null;
        int[] parts = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
        var (most, least) = (parts.Max(), parts.Min());
        if (most - least < 48)
            return most is > 64 and < 224 ? "color-gray" : null;
        var (red, green, blue) = (parts[0], parts[1], parts[2]);
        double range = most - least;
        var hue =
            most == red ? (60 * (green - blue) / range) + 360
            : most == green ? (60 * (blue - red) / range) + 120
            : (60 * (red - green) / range) + 240;
        return (hue % 360) switch
        {
            < 15 or >= 330 => "color-red",
            < 45 => "color-orange",
            < 75 => "color-yellow",
            < 160 => "color-green",
            < 195 => "color-teal",
            < 260 => "color-blue",
            _ => "color-purple",
        };
    }
}
