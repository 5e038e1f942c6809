using System.Globalization;
using System.Text.RegularExpressions;

namespace EventForum.Acceptance.Harness;

/// <summary>What a server shows to Prometheus, in its text format 0.0.4, read as strictly as Prometheus does.</summary>
public sealed partial class PrometheusText
{
    private readonly List<Sample> samples = [];

    private PrometheusText() { }

    /// <summary>The names of all series, those of the parts of histograms among them.</summary>
    public IReadOnlySet<string> Names => samples.Select(sample => sample.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The sum of the series with this name, and with this label where one is asked for.</summary>
    public double Sum(string name, string? label = null, string? value = null) =>
        samples
            .Where(sample => sample.Name == name && (label is null || sample.Labels.GetValueOrDefault(label) == value))
            .Sum(sample => sample.Value);

    /// <exception cref="FormatException">It is not in the format.</exception>
    public static PrometheusText Parse(string text)
    {
        var read = new PrometheusText();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var families = new HashSet<string>(StringComparer.Ordinal);
        var (family, type) = ("", "");
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line != "# EOF"))
        {
            if (TypeLine().Match(line) is { Success: true } declared)
            {
                (family, type) = (declared.Groups["name"].Value, declared.Groups["type"].Value);
                Demand(families.Add(family), $"a second type: {line}");
            }
            else if (line.StartsWith('#'))
            {
                Demand(HelpLine().IsMatch(line), line);
            }
            else
            {
                var sample = SampleOf(line);
                Demand(IsOf(sample.Name, family, type), $"not of {family}: {line}");
                Demand(seen.Add(line[..line.LastIndexOf(' ')]), $"twice: {line}");
                read.samples.Add(sample);
            }
        }

        Demand(read.samples.Count > 0, "nothing");
        return read;
    }

    private static Sample SampleOf(string line)
    {
        var match = SampleLine().Match(line);
        Demand(match.Success, line);
        var labels = match.Groups["label"].Captures.Zip(match.Groups["value"].Captures, (l, v) => (l.Value, v.Value));
        var number = match.Groups["number"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var digits => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return new Sample(
            match.Groups["name"].Value,
            labels.ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            number
        );
    }

    private static bool IsOf(string name, string family, string type) =>
        type == "histogram"
            ? name == family + "_bucket" || name == family + "_sum" || name == family + "_count"
            : name == family;

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException(what);
        }
    }

    [GeneratedRegex(
        "^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex TypeLine();

    [GeneratedRegex("^# (HELP|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]* .*$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex HelpLine();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\["\\n])*)",?)*\})? (?<number>[-+0-9.eEInfNa]+)( [0-9]+)?$""",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex SampleLine();

    private sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
}
