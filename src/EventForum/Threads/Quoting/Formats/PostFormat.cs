using System.Text.Json.Serialization;

namespace EventForum.Threads.Quoting;

/// <summary>How a post's text is written, and so how it is rendered. Quote blocks are quotes in every format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PostFormat>))]
public enum PostFormat
{
    /// <summary>CommonMark with tables and struck-out text; what a post has that names no format.</summary>
    [JsonStringEnumMemberName("markdown")]
    Markdown,

    /// <summary>The tags of phpBB, XenForo, vBulletin and MyBB.</summary>
    [JsonStringEnumMemberName("bbcode")]
    BbCode,

    /// <summary>A mail or a news article: lines wrapped by its author, quoted lines behind <c>&gt;</c>.</summary>
    [JsonStringEnumMemberName("mail")]
    Mail,

    /// <summary>Plain text: shown as it is.</summary>
    [JsonStringEnumMemberName("text")]
    Text,
}

/// <summary>The formats by their names.</summary>
public static class PostFormats
{
    /// <summary>Null where there is no format of that name.</summary>
    public static PostFormat? Find(string name) =>
        name switch
        {
            "markdown" => PostFormat.Markdown,
            "bbcode" => PostFormat.BbCode,
            "mail" => PostFormat.Mail,
            "text" => PostFormat.Text,
            _ => null,
        };

    public static string Name(this PostFormat format) =>
        format switch
        {
            PostFormat.Markdown => "markdown",
            PostFormat.BbCode => "bbcode",
            PostFormat.Mail => "mail",
            PostFormat.Text => "text",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
}
