using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using EventForum.Platform;

namespace EventForum.Members;

/// <summary>
/// What a name must be that somebody becomes a member with: it shows all that it holds, and its letters are of one
/// script, so that none imitates another one's (the "highly restrictive" level of Unicode Technical Standard 39).
/// </summary>
internal static class NewName
{
    /// <summary>Letters that are joined count as one character to people: this bounds what it is made of.</summary>
    private const int MaxScalars = 150;

    /// <summary>One upon the other, as the standard proposes.</summary>
    private const int MaxNonSpacing = 4;

    /// <summary>Also beside the letter, as in Burmese.</summary>
    private const int MaxMarks = 8;

    /// <summary>They are shown by no ink, though Unicode counts them as symbols or letters.</summary>
    private static readonly HashSet<int> Blanks = [0x2800, 0xFFFC, 0x13441, 0x13442, 0x16FE4, 0x1D159];

    /// <summary>What is wrong with the trimmed name, as a sentence; null for a name.</summary>
    public static string? Flaw(string name)
    {
        if (name.Length == 0)
        {
            return "It has none.";
        }

        if (!MemberName.CanBeCompared(name))
        {
            return "It holds something that is no character.";
        }

        var length = new StringInfo(name).LengthInTextElements;
        if (length > MemberName.MaxLength || PlainLine.Length(name) > MaxScalars)
        {
            return $"It has {length} characters.";
        }

        Rune[] runes = [.. name.EnumerateRunes()];
        return HiddenCharacter(runes) is { } hidden ? $"It holds a character that does not show (U+{hidden.Value:X4})."
            : PilesMarks(name) ? "It holds a mark without a letter, or piles them up."
            : MixesScripts(name) ? "It mixes letters of scripts that imitate each other."
            : MemberName.Key(name).StartsWith(MemberErased.Called, StringComparison.Ordinal)
                ? "Erased members are called so."
            : MixesDigits(name) ? "It mixes digits of several scripts."
            : null;
    }

    private static Rune? HiddenCharacter(Rune[] runes)
    {
        for (var i = 0; i < runes.Length; i++)
        {
            if (!Shows(runes[i]) && !IsOfSpelling(runes, i))
            {
                return runes[i];
            }
        }

        return null;
    }

    private static bool Shows(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned => false,
            // The width of other spaces would set what follows apart from the name.
            UnicodeCategory.SpaceSeparator => rune.Value is ' ' or 0x3000,
            _ => !Blanks.Contains(rune.Value)
                && !UnicodeTable.Instance.IsIgnorable(rune)
                && !UnicodeTable.Instance.IsUnknown(rune),
        };

    /// <summary>
    /// Where words are spelled with what does not show: a non-joiner between Arabic letters, a joiner or non-joiner after a
    /// virama, the selector that gives a symbol its colours. Skeletons leave them out.
    /// </summary>
    private static bool IsOfSpelling(Rune[] runes, int at)
    {
        if (at == 0)
        {
            return false;
        }

        var before = runes[at - 1];
        var isBetween = at + 1 < runes.Length && Rune.IsLetter(runes[at + 1]);
        return runes[at].Value switch
        {
            0x200C when isBetween && IsArabic(before) && IsArabic(runes[at + 1]) => true,
            0x200C or 0x200D => isBetween && UnicodeTable.Instance.IsVirama(before),
            0xFE0F => Rune.GetUnicodeCategory(before) == UnicodeCategory.OtherSymbol,
            _ => false,
        };
    }

    private static bool IsArabic(Rune rune) =>
        Rune.IsLetter(rune) && UnicodeTable.Instance.ScriptsOf(rune)?.Contains("Arab") == true;

    private static bool PilesMarks(string name)
    {
        var (marks, nonSpacing) = (0, 0);
        Rune? last = null;
        foreach (var rune in name.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isSpacing = category == UnicodeCategory.SpacingCombiningMark;
            if (isSpacing || category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            {
                marks++;
                nonSpacing = isSpacing ? 0 : nonSpacing + 1;
                var isVariation = UnicodeTable.Instance.IsIgnorable(rune);
                if (
                    last is not { } before
                    || Rune.IsWhiteSpace(before)
                    || (before == rune && !isVariation)
                    || marks > MaxMarks
                    || nonSpacing > MaxNonSpacing
                )
                {
                    return true;
                }
            }
            else
            {
                (marks, nonSpacing) = (0, 0);
            }

            last = rune;
        }

        return false;
    }

    /// <summary>Whether no script has all of its letters, nor Latin with the scripts of Chinese, Japanese or Korean.</summary>
    private static bool MixesScripts(string name)
    {
        HashSet<string>? common = null;
        HashSet<string>? besideLatin = null;
        foreach (var rune in name.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (UnicodeTable.Instance.ScriptsOf(rune) is not { } scripts)
            {
                continue;
            }

            var written = WritingSystems(scripts).ToHashSet(StringComparer.Ordinal);
            common ??= [.. written];
            common.IntersectWith(written);
            if (!scripts.Contains("Latn"))
            {
                besideLatin ??= [.. written];
                besideLatin.IntersectWith(written);
            }
        }

        return common?.Count == 0 && besideLatin?.Overlaps(["Jpan", "Hanb", "Kore"]) != true;
    }

    /// <summary>The scripts, and those of Japanese, Chinese with Bopomofo, and Korean, each of which is several.</summary>
    private static IEnumerable<string> WritingSystems(FrozenSet<string> scripts)
    {
        var isHan = scripts.Contains("Hani");
        return
        [
            .. scripts,
            .. isHan || scripts.Overlaps(["Hira", "Kana"]) ? ["Jpan"] : Array.Empty<string>(),
            .. isHan || scripts.Contains("Bopo") ? ["Hanb"] : Array.Empty<string>(),
            .. isHan || scripts.Contains("Hang") ? ["Kore"] : Array.Empty<string>(),
        ];
    }

    /// <summary>Digits of a script stand together in Unicode, from its zero on.</summary>
    private static bool MixesDigits(string name) =>
        name.Normalize(NormalizationForm.FormKC)
            .EnumerateRunes()
            .Where(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            .Select(rune => rune.Value - (int)Rune.GetNumericValue(rune))
            .Distinct()
            .Skip(1)
            .Any();
}
