using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EventForum.Exchange;

/// <summary>
/// Reads an event's data as no program but this one need have written it: every member that cannot be null, and is
/// not left out where it has its default, is there, and nothing stands twice. Members that this version does not know are passed over.
/// </summary>
internal static class StrictJson
{
    /// <summary>Numbers with more digits are nobody's count, id or time.</summary>
    private const int MaxNumber = 40;

    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Require } },
    };

    /// <summary>PostgreSQL keeps neither a number that is too large, or too near to zero, nor a text with a NUL or half a surrogate pair.</summary>
    /// <param name="line">One or more JSON values.</param>
    /// <exception cref="FormatException">There is one.</exception>
    public static void ThrowIfNotKept(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number
                    when reader.ValueSpan.Length > MaxNumber
                        || !reader.TryGetDouble(out var number)
                        || !double.IsFinite(number)
                        || (number == 0 && reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E') >= 0):
                    throw new FormatException("A number in it is too large or too small.");
                case JsonTokenType.String
                or JsonTokenType.PropertyName when reader.ValueIsEscaped && !IsText(ref reader):
                    throw new FormatException("A text in it holds a NUL or half a surrogate pair.");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Require(JsonTypeInfo type)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.Properties)
        {
            property.IsRequired =
                property.AttributeProvider is PropertyInfo info
                && nullability.Create(info).ReadState == NullabilityState.NotNull
                && info.GetCustomAttribute<JsonIgnoreAttribute>() is null;
        }
    }
}
