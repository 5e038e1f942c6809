using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventForum.Transparency;

/// <summary>JSON in the one form of RFC 8785: members in order, no spaces, numbers as ECMAScript writes them.</summary>
internal static class CanonicalJson
{
    /// <summary>The largest integer up to which a double holds them all.</summary>
    private const long Exact = 1L << 53;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        '"',
        '\\',
        .. Enumerable.Range(0, ' ').Select(code => (char)code),
    ]);

    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>An object of texts and integers.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, object>> members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            Separate(text);
            WriteString(text, name);
            text.Append(':');
            if (value is long number)
            {
                text.Append(number.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                WriteString(text, (string)value);
            }
        }

        return text.Append('}').ToString();
    }

    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number.");
        }

        if (value == 0)
        {
            return "0";
        }

        // The shortest digits that read back as the same number, with an exponent that says where the point is.
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            var fewer = value.ToString(
                "E" + digits.ToString(CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            );
            if (double.Parse(fewer, CultureInfo.InvariantCulture).Equals(value))
            {
                shortest = fewer;
                break;
            }
        }

        var sign = value < 0 ? "-" : "";
        var at = shortest.IndexOf('E', StringComparison.Ordinal);
        var figures = shortest[..at]
            .Replace("-", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal);
        var point = int.Parse(shortest[(at + 1)..], CultureInfo.InvariantCulture) + 1;
        return sign
            + point switch
            {
                > 21 or <= -6 => figures[..1]
                    + (figures.Length > 1 ? "." + figures[1..] : "")
                    + string.Create(CultureInfo.InvariantCulture, $"e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}"),
                <= 0 => "0." + new string('0', -point) + figures,
                _ when point >= figures.Length => figures.PadRight(point, '0'),
                _ => figures[..point] + "." + figures[point..],
            };
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    Separate(text);
                    WriteString(text, member.Name);
                    text.Append(':');
                    Write(text, member.Value);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Separate(text);
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(
                    value.TryGetInt64(out var number) && number is >= -Exact and <= Exact
                        ? number.ToString(CultureInfo.InvariantCulture)
                        : Number(value.GetDouble())
                );
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void Separate(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] is not ('{' or '['))
        {
            text.Append(',');
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        for (int escaped; (escaped = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(escaped + 1)..])
        {
            text.Append(rest[..escaped]);
            _ = rest[escaped] switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                var control => text.Append("\\u").Append(((int)control).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        text.Append(rest).Append('"');
    }
}
