using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace EventForum.Members;

/// <summary>
/// What Unicode says of characters that .NET does not tell: their scripts, and with what they are confused. Read once
/// from unicode.txt, which <c>ops/unicode</c> writes.
/// </summary>
internal sealed class UnicodeTable
{
    private static readonly Lazy<UnicodeTable> Read = new(() => new UnicodeTable());

    private readonly List<(int First, int Last, FrozenSet<string> Scripts)> scripts = [];
    private readonly List<(int First, int Last)> unknown = [];
    private readonly List<(int First, int Last)> ignorable = [];
    private readonly List<(int First, int Last)> virama = [];
    private readonly Dictionary<int, string> prototypes = [];

    private UnicodeTable()
    {
        var sets = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        var section = "";
        using var reader = Open();
        while (reader.ReadLine() is { } line)
        {
            switch (line)
            {
                case "" or ['#', ..]:
                    break;
                case ['[', .. var name, ']']:
                    section = name;
                    break;
                default:
                    Add(section, line, sets);
                    break;
            }
        }
    }

    public static UnicodeTable Instance => Read.Value;

    /// <summary>Unicode's version, and whose data it is.</summary>
    public static string Version { get; } = ReadVersion();

    /// <summary>Default_Ignorable_Code_Point: nothing is shown in its place.</summary>
    public bool IsIgnorable(Rune rune) => IsIn(ignorable, rune);

    /// <summary>A mark after which some scripts join letters, or not.</summary>
    public bool IsVirama(Rune rune) => IsIn(virama, rune);

    /// <summary>Not assigned in this version of Unicode, or for private use.</summary>
    public bool IsUnknown(Rune rune) => IsIn(unknown, rune);

    /// <summary>By their short names; null when every script uses it, like a full stop or an accent.</summary>
    public FrozenSet<string>? ScriptsOf(Rune rune) =>
        Find(scripts, rune, range => (range.First, range.Last)) is { Scripts: { } found } ? found : null;

    /// <summary>What the character is confused with; null for itself.</summary>
    public string? PrototypeOf(Rune rune) => prototypes.GetValueOrDefault(rune.Value);

    private static StreamReader Open() => new(typeof(UnicodeTable).Assembly.GetManifestResourceStream("unicode.txt")!);

    private static string ReadVersion()
    {
        using var reader = Open();
        return reader.ReadLine()!.TrimStart('#', ' ');
    }

    private void Add(string section, string line, Dictionary<string, FrozenSet<string>> sets)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (point, value) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
        if (section == "confusables")
        {
            prototypes[Code(point)] = string.Concat(value.Split(' ').Select(code => char.ConvertFromUtf32(Code(code))));
            return;
        }

        var ends = point.Split('-');
        var (first, last) = (Code(ends[0]), Code(ends[1]));
        switch (section)
        {
            case "scripts":
                if (!sets.TryGetValue(value, out var set))
                {
                    sets[value] = set = value.Split(' ').ToFrozenSet(StringComparer.Ordinal);
                }

                scripts.Add((first, last, set));
                break;
            case "unknown":
                unknown.Add((first, last));
                break;
            case "ignorable":
                ignorable.Add((first, last));
                break;
            case "virama":
                virama.Add((first, last));
                break;
            default:
                throw new FormatException($"unicode.txt has no section {section}.");
        }
    }

    private static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool IsIn(List<(int First, int Last)> ranges, Rune rune) =>
        Find(ranges, rune, range => range) is { Last: > 0 };

    /// <summary>Ranges are sorted; the answer is the default value where none holds the character.</summary>
    private static T? Find<T>(List<T> ranges, Rune rune, Func<T, (int First, int Last)> ends)
        where T : struct
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = ends(ranges[middle]);
            if (rune.Value < first)
            {
                high = middle - 1;
            }
            else if (rune.Value > last)
            {
                low = middle + 1;
            }
            else
            {
                return ranges[middle];
            }
        }

        return null;
    }
}
