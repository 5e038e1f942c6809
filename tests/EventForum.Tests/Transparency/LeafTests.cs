using System.Text;
using System.Text.Json;
using EventForum.Transparency;

namespace EventForum.Tests.Transparency;

public sealed class LeafTests
{
    private const string Body = """
        {"postId": "0189aaaa-0000-7000-8000-000000000001", "number": 2, "body": "Hello.", "quotes": [{"at": 0}],
         "hold": {"by": null, "reason": "Rude.", "none": {}}}
        """;

    private static readonly LoggedEvent Event = new(
        42,
        new Guid("01890000-0000-7000-8000-000000000001"),
        new Guid("01890000-0000-7000-8000-000000000002"),
        3,
        "reply_posted",
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(60),
        "01890000-0000-7000-8000-000000000003",
        null,
        "correlated",
        Body,
        """{"import": {"from": "somewhere", "a.b": 1}}"""
    );

    private static readonly Leaf Made = Leaf.Of(Event);

    private static IReadOnlyList<string> Compare(LoggedEvent e, params string[] forgotten) =>
        [
            .. LeafComparison.Differences(
                e,
                JsonElement.Parse(Made.Record),
                Made.Salts.Where(salt => !forgotten.Contains(salt.Key, StringComparer.Ordinal))
                    .ToDictionary(StringComparer.Ordinal)
            ),
        ];

    [Fact]
    public void a_record_says_what_an_event_is_and_commits_to_everything_else()
    {
        var record = JsonElement.Parse(Made.Record);

        record
            .EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe([
                "actor",
                "correlation",
                "data.body",
                "data.hold.by",
                "data.hold.none",
                "data.hold.reason",
                "data.number",
                "data.postId",
                "data.quotes",
                "headers.import.a~1b",
                "headers.import.from",
                "id",
                "stream",
                "time",
                "type",
                "version",
            ]);
        record.GetProperty("time").GetString().ShouldBe("2026-01-02T03:04:05.000006Z");
        record.GetProperty("version").GetRawText().ShouldBe("3");
        CanonicalJson.Of(record).ShouldBe(Made.Record);
        Leaf.IsTo(
                record.GetProperty("data.body").GetString()!,
                Made.Salts["data.body"],
                JsonElement.Parse("\"Hello.\"")
            )
            .ShouldBeTrue();
        Leaf.IsTo(Made.Commitment, Made.Salts[Leaf.Whole], Encoding.UTF8.GetBytes(Made.Record)).ShouldBeTrue();
    }

    [Fact]
    public void two_leaves_of_one_event_have_nothing_in_common() =>
        Leaf.Of(Event).Commitment.ShouldNotBe(Made.Commitment);

    [Fact]
    public void a_leaf_is_small_whatever_the_event_holds()
    {
        var large = Leaf.Of(
            Event with
            {
                Position = long.MaxValue,
                Data = $$"""{"body":"{{new string('x', 1_000_000)}}"}""",
            }
        );

        Encoding.UTF8.GetByteCount(Leaf.Entry(long.MaxValue, large.Commitment)).ShouldBeLessThan(100);
        Leaf.Entry(42, Made.Commitment)
            .ShouldBe($$"""{"commitment":"{{Convert.ToBase64String(Made.Commitment)}}","position":42}""");
    }

    [Fact]
    public void an_event_that_is_as_it_was_has_no_differences() => Compare(Event).ShouldBeEmpty();

    [Theory]
    [InlineData("\"Hello.\"", "\"Hallo.\"", "data.body and its salt do not fit the log")]
    [InlineData("\"number\": 2", "\"number\": 3", "data.number and its salt do not fit the log")]
    [InlineData("{\"at\": 0}", "", "data.quotes and its salt do not fit the log")]
    [InlineData("\"Rude.\"", "null", "data.hold.reason and its salt do not fit the log")]
    [InlineData("\"number\": 2,", "", "data.number is gone")]
    [InlineData("\"number\": 2", "\"number\": 2, \"extra\": 1", "data.extra was added")]
    [InlineData("\"number\": 2", "\"number\": 2, \"mask\": {\"length\": 1}", "data.mask.length was added")]
    public void what_was_altered_is_named(string was, string now, string said) =>
        Compare(Event with { Data = Body.Replace(was, now, StringComparison.Ordinal) }).ShouldBe([said]);

    [Fact]
    public void what_stands_beside_the_data_is_compared_too()
    {
        Compare(Event with { Id = Guid.Empty }).Single().ShouldStartWith("id was");
        Compare(Event with { StreamId = Guid.Empty }).Single().ShouldStartWith("stream was");
        Compare(Event with { Version = 4 }).Single().ShouldBe("version was 3 and is 4");
        Compare(Event with { Type = "post_edited" }).Single().ShouldStartWith("type was");
        Compare(Event with { At = Event.At.AddTicks(10) }).Single().ShouldStartWith("time was");
        Compare(Event with { Actor = "another" }).Single().ShouldStartWith("actor");
        Compare(Event with { Actor = null }).Single().ShouldBe("actor is gone");
        Compare(Event with { Causation = "a" }).Single().ShouldBe("causation was added");
        Compare(Event with { Headers = """{"import": {"from": "somewhere", "a": {"b": 1}}}""" }).Count.ShouldBe(2);
        Compare(Event with { Headers = null }).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"Hello.\"", "null", "data.body")]
    [InlineData("\"Hello.\"", "\"\"", "data.body")]
    [InlineData("\"body\": \"Hello.\",", "", "data.body")]
    [InlineData("[{\"at\": 0}]", "[]", "data.quotes")]
    [InlineData("\"Hello.\"", "null, \"mask\": {\"why\": \"redacted\", \"length\": 6}", "data.body")]
    [InlineData(
        "{\"by\": null, \"reason\": \"Rude.\", \"none\": {}}",
        "null",
        "data.hold.by",
        "data.hold.reason",
        "data.hold.none"
    )]
    public void a_value_that_was_masked_needs_no_salt(string was, string now, params string[] paths)
    {
        var masked = Event with { Data = Body.Replace(was, now, StringComparison.Ordinal) };

        Compare(masked, paths).ShouldBeEmpty();
        Compare(masked).ShouldNotBeEmpty();
        Compare(masked with { Version = 4 }, paths).ShouldBe(["version was 3 and is 4"]);
    }

    [Fact]
    public void a_salt_is_missed_where_there_is_still_a_value()
    {
        Compare(Event, "data.body").ShouldBe(["the salt of data.body is missing, and the value is still there"]);
        Compare(Event with { Data = Body.Replace("Hello.", "Forged.", StringComparison.Ordinal) }, "data.body")
            .ShouldBe(["the salt of data.body is missing, and the value is still there"]);
    }
}
