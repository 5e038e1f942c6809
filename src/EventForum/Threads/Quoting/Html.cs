using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace EventForum.Threads.Quoting;

/// <summary>Text as HTML.</summary>
internal static class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Encode(string text) => Encoder.Encode(text);

    public static string Preformatted(string text) => $"<pre>{Encode(text)}</pre>";
}
