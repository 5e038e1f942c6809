using System.Text;

namespace EventForum.Platform;

/// <summary>Keeps texts of others that run from right to left from turning the sentence around in which they stand.</summary>
public static class Bidi
{
    private const char FirstStrongIsolate = '\u2068';
    private const char PopIsolate = '\u2069';

    /// <summary>
    /// The text as a sentence of plain text holds it: between isolates where something in it could reorder what stands
    /// around, and as it is everywhere else. An isolate ends what was opened in it; only isolates must be counted.
    /// </summary>
    public static string Isolate(string text)
    {
        if (!text.EnumerateRunes().Any(CanReorder))
        {
            return text;
        }

        var isolated = new StringBuilder(text.Length + 2).Append(FirstStrongIsolate);
        var open = 1;
        foreach (var c in text)
        {
            if (c is >= '\u2066' and <= FirstStrongIsolate)
            {
                open++;
            }
            else if (c == PopIsolate)
            {
                if (open == 1)
                {
                    continue;
                }

                open--;
            }

            isolated.Append(c);
        }

        return isolated.Append(PopIsolate, open).ToString();
    }

    /// <summary>The blocks that Unicode keeps for scripts from right to left (DerivedBidiClass.txt), and the controls.</summary>
    private static bool CanReorder(Rune rune) =>
        rune.Value
            is (>= 0x590 and <= 0x8FF)
                or 0x200F
                or (>= 0x202A and <= 0x202E)
                or (>= 0x2066 and <= 0x2069)
                or (>= 0xFB1D and <= 0xFDFF)
                or (>= 0xFE70 and <= 0xFEFF)
                or (>= 0x10800 and <= 0x10FFF)
                or (>= 0x1E800 and <= 0x1EFFF);
}
