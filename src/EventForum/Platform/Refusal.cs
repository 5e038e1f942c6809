using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace EventForum.Platform;

/// <summary>
/// A rule's "no": it changes nothing and becomes a problem document (RFC 9457).
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The last part of the problem's stable type, <c>/problems/{Type}</c>.</param>
/// <param name="Title">What kind of problem it is: the same sentence every time.</param>
/// <param name="Detail">What a person can do about this one.</param>
public sealed record Refusal(int Status, string Type, string Title, string Detail)
{
    public static Refusal BadCursor { get; } =
        new(
            400,
            "cursor-invalid",
            "The cursor is not one of ours.",
            "Pass the value of next as it came, or none to start over."
        );

    /// <summary>Members that a program needs beside the sentence, such as the current revision.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?> Extensions { get; init; } =
        new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The value of a Retry-After header, in seconds.</summary>
    public int? RetryAfter { get; init; }

    public Refusal With(string name, object? value) =>
        this with
        {
            Extensions = new Dictionary<string, object?>(Extensions, StringComparer.Ordinal) { [name] = value },
        };

    public void SayWhenToRetry(HttpResponse response)
    {
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Once an answer, by whoever says it.</summary>
    internal void Count(HttpContext http) => http.RequestServices.GetRequiredService<RefusalCount>().Add(this);

    /// <summary>
    /// Answers before an endpoint does: programs with a problem document; to browsers the forum's pages say it.
    /// </summary>
    internal Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(this).ExecuteAsync(http);
        }

        SayWhenToRetry(http.Response);
        http.Response.StatusCode = Status;
        http.Items[typeof(Refusal)] = this;
        return Task.CompletedTask;
    }

    /// <summary>What <see cref="AnswerAsync"/> has left to be said; null when that is nothing.</summary>
    internal static Refusal? LeftTo(HttpContext http) => http.Items[typeof(Refusal)] as Refusal;

    public ProblemDetails ToProblemDetails() =>
        new()
        {
            Status = Status,
            Type = "/problems/" + Type,
            Title = Title,
            Detail = Detail,
            Extensions = new Dictionary<string, object?>(Extensions, StringComparer.Ordinal),
        };
}
