using System.Text;

namespace EventForum.Members;

/// <summary>A text as it is taken for others: the skeleton of Unicode Technical Standard 39, without regard to case.</summary>
internal static class Skeleton
{
    /// <summary>Folding can make a character that is confused with a third one; this is more often than any does.</summary>
    private const int Rounds = 8;

    public static string Of(string text)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var next = MemberName.Fold(Confused(text));
            if (next == text)
            {
                break;
            }

            text = next;
        }

        return text;
    }

    private static string Confused(string text)
    {
        var table = UnicodeTable.Instance;
        var skeleton = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                // As many as there are look like one.
                if (skeleton.Length > 0 && skeleton[^1] != ' ')
                {
                    skeleton.Append(' ');
                }
            }
            else if (!table.IsIgnorable(rune))
            {
                skeleton.Append(table.PrototypeOf(rune) ?? rune.ToString());
            }
        }

        return skeleton.ToString().TrimEnd().Normalize(NormalizationForm.FormD);
    }
}
