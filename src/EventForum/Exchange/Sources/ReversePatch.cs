using System.Globalization;
using System.Text.RegularExpressions;

namespace EventForum.Exchange.Sources;

/// <summary>A unified difference, as the program diff writes it, applied to the text that it was made of.</summary>
internal static partial class ReversePatch
{
    /// <exception cref="FormatException">The text is not the one that the difference was made of.</exception>
    public static string Apply(string text, string patch)
    {
        var lines = text.Split('\n');
        var result = new List<string>();
        var at = 0;
        foreach (var line in patch.Split('\n').SkipWhile(line => !line.StartsWith("@@", StringComparison.Ordinal)))
        {
            if (Hunk.Match(line) is { Success: true } hunk)
            {
                var start = int.Parse(hunk.Groups["start"].Value, CultureInfo.InvariantCulture);
                // A hunk that takes no line away stands behind the line that it names.
                start -= hunk.Groups["count"].Value == "0" ? 0 : 1;
                while (at < start && at < lines.Length)
                {
                    result.Add(lines[at++]);
                }

                continue;
            }

            switch (line)
            {
                case [' ', .. var same]:
                    Expect(same);
                    result.Add(same);
                    break;
                case ['-', .. var gone]:
                    Expect(gone);
                    break;
                case ['+', .. var added]:
                    result.Add(added);
                    break;
            }
        }

        return string.Join('\n', result.Concat(lines.Skip(at)));

        void Expect(string line)
        {
            if (at >= lines.Length || lines[at] != line)
            {
                throw new FormatException("The difference was not made of this text.");
            }

            at++;
        }
    }

    [GeneratedRegex(
        @"^@@ -(?<start>\d+)(,(?<count>\d+))? \+\d+(,\d+)? @@",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Hunk { get; }
}
