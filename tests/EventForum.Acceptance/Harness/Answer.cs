using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventForum.Acceptance.Harness;

/// <summary>What came back, kept whole so that a failure can show it.</summary>
public sealed partial record Answer(
    int Status,
    string? ContentType,
    string Text,
    HttpResponseHeaders Headers,
    string? ContentLocation
)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public Guid Id(string property) => Json.GetProperty(property).GetGuid();

    public Guid PostId => Id("postId");

    public Guid ThreadId => Id("threadId");

    public int Number => Json.GetProperty("number").GetInt32();

    public int Revision => Json.GetProperty("revision").GetInt32();

    public long Version => Json.GetProperty("version").GetInt64();

    public long Position => Json.GetProperty("position").GetInt64();

    public bool IsBehind => Status == 503 && Text.Contains("/problems/view-behind", StringComparison.Ordinal);

    /// <summary>Whether a view has not taken in for the first time what was there when the server started.</summary>
    public bool IsBeingBuilt => Status == 503 && Text.Contains("/problems/view-building", StringComparison.Ordinal);

    /// <summary>The answer without what differs between two requests that mean the same.</summary>
    public string WithoutWhatVaries(params Guid[] ids)
    {
        var text = Varying().Replace($"{ContentType} {Headers} {Text}", "");
        return ids.Aggregate(text, (plain, id) => plain.Replace(id.ToString(), "ID", StringComparison.Ordinal));
    }

    public override string ToString() => $"{Status} {Text}";

    public static async Task<Answer> Of(HttpResponseMessage response) =>
        new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(),
            response.Headers,
            response.Content.Headers.ContentLocation?.OriginalString
        );

    public Answer ShouldBe(int status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    /// <summary>A problem document with everything that a program and a person need.</summary>
    /// <param name="type">The last part of the type; null where only its stability matters.</param>
    public Answer ShouldBeProblem(int status, string? type = null)
    {
        ShouldBe(status);
        ContentType.ShouldBe("application/problem+json", Text);
        var problem = Json;
        problem.GetProperty("status").GetInt32().ShouldBe(status, Text);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace(Text);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace(Text);
        var actual = problem.GetProperty("type").GetString().ShouldNotBeNull(Text);
        actual.ShouldStartWith("/problems/", Case.Sensitive, Text);
        if (type is not null)
        {
            actual.ShouldBe("/problems/" + type, Text);
        }

        return this;
    }

    [GeneratedRegex(
        @"(""traceId"":""[^""]*"")|(name=""key"" value=""[^""]*"")|(Date: [^\r\n]*)|(X-Correlation-ID: [^\r\n]*)|(traceparent: [^\r\n]*)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1_000
    )]
    private static partial Regex Varying();
}
