using System.Security.Cryptography;
using System.Text.Json;

namespace EventForum.Platform;

/// <summary>Answers with JSON under an ETag of its content, or 304 when the reader has it already.</summary>
public sealed class Tagged<T>(T value) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        ETags.WriteAsync(
            httpContext,
            JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json),
            "application/json; charset=utf-8"
        );
}

public static class ETags
{
    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return string.Concat("\"", Convert.ToHexStringLower(hash[..12]), "\"");
    }

    public static Task WriteAsync(HttpContext http, byte[] content, string contentType) =>
        WriteAsync(http, content, contentType, Of(content));

    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> content, string contentType, string tag)
    {
        http.Response.Headers.ETag = tag;
        if (Matches(http, tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = contentType;
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    /// <summary>If-None-Match compares weakly: a tag matches with or without its W/ prefix.</summary>
    public static bool Matches(HttpContext http, string tag)
    {
        foreach (var header in http.Request.Headers.IfNoneMatch)
        {
            foreach (var candidate in (header ?? "").Split(','))
            {
                var trimmed = candidate.Trim();
                if (trimmed == "*" || Strong(trimmed) == Strong(tag))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string Strong(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
