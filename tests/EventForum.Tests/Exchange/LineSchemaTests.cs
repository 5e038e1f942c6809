using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EventForum.Exchange;

namespace EventForum.Tests.Exchange;

/// <summary>The schema of lines says what is read.</summary>
public sealed partial class LineSchemaTests
{
    private static readonly JsonElement Kinds = JsonElement.Parse(Source("lines.schema.json")).GetProperty("$defs");

    public static TheoryData<string> AllKinds => ["post", "revision", "act"];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void a_line_with_what_is_required_is_read_and_one_without_any_of_it_is_not(string kind)
    {
        var required = Kinds
            .GetProperty(kind)
            .GetProperty("required")
            .EnumerateArray()
            .Select(name => name.GetString()!);
        var line = new JsonObject();
        foreach (var name in required)
        {
            line[name] = name switch
            {
                "posted_at" or "at" => "2001-02-03T04:05:06Z",
                "revision" => 1,
                _ => "closed",
            };
        }

        Flaw(line).ShouldBeNull();
        foreach (var name in line.Select(property => property.Key).Where(name => name is not ("revision" or "event")))
        {
            var less = (JsonObject)line.DeepClone();
            less.Remove(name);
            Flaw(less).ShouldNotBeNull().ShouldContain(name);
        }
    }

    [Fact]
    public void every_property_that_is_read_is_described()
    {
        var described = AllKinds
            .SelectMany(kind => Kinds.GetProperty(kind.Data).GetProperty("properties").EnumerateObject())
            .Select(property => property.Name)
            .ToHashSet(StringComparer.Ordinal);
        var code = Source("SourceLine.cs");

        var read = Reading
            .Matches(code)
            .SelectMany(match => match.Groups["name"].Captures)
            .Select(name => name.Value)
            .ToList();

        read.Count.ShouldBeGreaterThan(20);
        read.ShouldAllBe(name => described.Contains(name));
    }

    private static string Source(string name, [CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "../../../src/EventForum/Exchange", name));

    private static string? Flaw(JsonObject line)
    {
        SourceLine.Read("lines.jsonl", 1, JsonSerializer.SerializeToUtf8Bytes(line), out var flaw);
        return flaw;
    }

    [GeneratedRegex(
        """\b(Required|Text|Integer|TryGetProperty)\((quote, )?("(?<name>[a-z_]+)"(, )?)+""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Reading { get; }
}
