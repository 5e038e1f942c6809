using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventForum.Acceptance.Harness;
using Microsoft.IdentityModel.Tokens;

namespace EventForum.Acceptance.RealInput;

/// <summary>A line of the collection of strings that break programs.</summary>
internal sealed record HostileString(string Id, string Category, string? Text, string? BytesBase64)
{
    public const string File = "hostile-strings.jsonl";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly ConcurrentQueue<(TimeSpan Time, string What)> Times = new();

    /// <summary>What took longest so far.</summary>
    public static string Slowest =>
        string.Join(
            ", ",
            Times
                .OrderByDescending(taken => taken.Time)
                .Take(3)
                .Select(t => $"{t.What} {t.Time.TotalMilliseconds:F0} ms")
        );

    /// <summary>The string as UTF-8, or as bytes that are not.</summary>
    public byte[] Bytes => Text is null ? Convert.FromBase64String(BytesBase64!) : Strict.GetBytes(Text);

    /// <summary>What the string says; null when its bytes say nothing.</summary>
    public string? Meaning
    {
        get
        {
            try
            {
                return Strict.GetString(Bytes);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    public static IReadOnlyList<HostileString> All()
    {
        RealData.Require(File);
        return RealData.Read<HostileString>(File);
    }

    /// <summary>The string's bytes in the place of <c>@</c> in a JSON object, escaped only where JSON demands it.</summary>
    public ByteArrayContent In(string json)
    {
        var escaped = new List<byte>();
        foreach (var b in Bytes)
        {
            escaped.AddRange(
                b is (byte)'"' or (byte)'\\' ? [(byte)'\\', b]
                : b < ' ' ? Encoding.ASCII.GetBytes($"\\u{(int)b:x4}")
                : [b]
            );
        }

        var at = json.IndexOf('@', StringComparison.Ordinal);
        return new ByteArrayContent([
            .. Encoding.UTF8.GetBytes(json[..at]),
            .. escaped,
            .. Encoding.UTF8.GetBytes(json[(at + 1)..]),
        ])
        {
            Headers = { ContentType = new("application/json") },
        };
    }

    /// <summary>Someone of this name, as an identity provider that lets people choose any name would vouch for it.</summary>
    public async Task<TestMember> AsMemberOf(ForumServer forum)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var payload = In(
            $$"""{"iss":"eventforum","aud":"eventforum","sub":"{{Guid.CreateVersion7()}}","iat":{{now}},"nbf":{{now}},"exp":{{now + 3600}},"roles":"member","name":"@"}"""
        );
        var signed =
            Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""")
            + "."
            + Base64UrlEncoder.Encode(await payload.ReadAsByteArrayAsync());
        var key = await System.IO.File.ReadAllBytesAsync(Path.Combine(forum.DataFolder, "token.key"));
        var signature = Base64UrlEncoder.Encode(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)));
        return new TestMember(forum, Meaning ?? Id, $"{signed}.{signature}");
    }

    /// <summary>Carried out, or refused with a problem document; in time, and never a failure of the server.</summary>
    public async Task<Answer> AnswerTo(string what, Task<Answer> sending)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await sending.WaitAsync(Patience.Limit);
        Times.Enqueue((Stopwatch.GetElapsedTime(start), $"{Id} {what}"));
        answer.Status.ShouldBeLessThan(500, $"{Id} {what}: {answer.Text}");
        // The web server refuses a request whose headers are too large before the program sees it.
        if (answer.Status is >= 400 and not 431)
        {
            answer.ShouldBeProblem(answer.Status);
        }

        return answer;
    }

    /// <summary>Line ends are line feeds; blank lines before and white space after the text are not kept.</summary>
    public static string Normalised(string body) =>
        body.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim();

    public override string ToString() =>
        $"{Id} ({Category}): {JsonSerializer.Serialize(Text?[..Math.Min(Text.Length, 80)])}";
}
