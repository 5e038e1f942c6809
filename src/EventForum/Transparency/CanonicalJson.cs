using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
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
        var text = new ArrayBufferWriter<byte>();
        Write(text, value);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>An object of texts and integers, as UTF-8.</summary>
    /// <param name="members">They are sorted.</param>
    public static void Write(ArrayBufferWriter<byte> text, List<KeyValuePair<string, object>> members)
    {
        members.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        text.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            text.Write(i == 0 ? "\""u8 : ",\""u8);
            WriteCharacters(text, members[i].Key);
            text.Write("\":"u8);
            if (members[i].Value is long number)
            {
                WriteNumber(text, number);
            }
            else
            {
                WriteString(text, (string)members[i].Value);
            }
        }

        text.Write("}"u8);
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

    /// <summary>As UTF-8.</summary>
    public static void Write(ArrayBufferWriter<byte> text, JsonElement value)
    {
        var isFirst = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Write("{"u8);
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    Separate();
                    WriteString(text, member.Name);
                    text.Write(":"u8);
                    Write(text, member.Value);
                }

                text.Write("}"u8);
                break;
            case JsonValueKind.Array:
                text.Write("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    Separate();
                    Write(text, item);
                }

                text.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(text, value);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var number) && number is >= -Exact and <= Exact:
                WriteNumber(text, number);
                break;
            case JsonValueKind.Number:
                WriteCharacters(text, Number(value.GetDouble()));
                break;
            default:
                text.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }

        void Separate()
        {
            text.Write(isFirst ? [] : ","u8);
            isFirst = false;
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> text, long number)
    {
        number.TryFormat(text.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        text.Advance(written);
    }

    /// <summary>Without an escape, JSON writes a text as the canonical form does.</summary>
    private static void WriteString(ArrayBufferWriter<byte> text, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Contains((byte)'\\'))
        {
            WriteString(text, value.GetString()!);
        }
        else
        {
            text.Write(raw);
        }
    }

    private static void WriteString(ArrayBufferWriter<byte> text, string value)
    {
        text.Write("\""u8);
        WriteCharacters(text, value);
        text.Write("\""u8);
    }

    private static void WriteCharacters(ArrayBufferWriter<byte> text, string value)
    {
        var rest = value.AsSpan();
        for (int escaped; (escaped = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(escaped + 1)..])
        {
            Encoding.UTF8.GetBytes(rest[..escaped], text);
            var escape = rest[escaped] switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => @"\b",
                '\f' => @"\f",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                var control => @"\u" + ((int)control).ToString("x4", CultureInfo.InvariantCulture),
            };
            Encoding.UTF8.GetBytes(escape, text);
        }

        Encoding.UTF8.GetBytes(rest, text);
    }
}
