using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventForum.Acceptance.Harness;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace EventForum.Acceptance.Golden;

/// <summary>Events are kept for ever: what was written once must be read for ever.</summary>
public sealed class EventTests(ForumHost forum)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IDocumentStore store = forum.Services.GetRequiredService<IDocumentStore>();

    [Fact]
    public void events_are_written_as_they_were()
    {
        var written = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (alias, type) in EventTypes())
        {
            written[alias] = new { full = Json(Sample(type, full: true)), minimal = Json(Sample(type, full: false)) };
        }

        GoldenFile.ShouldBe("events.json", JsonSerializer.Serialize(written, Readable) + "\n");
    }

    [Fact]
    public void events_that_were_written_are_still_read()
    {
        var types = EventTypes().ToDictionary(StringComparer.Ordinal);

        foreach (var kept in JsonElement.Parse(GoldenFile.Read("events.json")).EnumerateObject())
        {
            types.ShouldContainKey(kept.Name, "an event that was written once has a type for ever");
            foreach (var form in kept.Value.EnumerateObject())
            {
                using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(form.Value.GetRawText()));
                var read = store.Options.Serializer().FromJson(types[kept.Name], bytes);

                JsonElement.DeepEquals(Json(read), form.Value).ShouldBeTrue($"{kept.Name}, {form.Name}: {Json(read)}");
            }
        }
    }

    private Dictionary<string, Type> EventTypes() =>
        store
            .Options.Events.AllKnownEventTypes()
            .Where(known => known.EventType.Assembly == typeof(Program).Assembly)
            .ToDictionary(known => known.EventTypeName, known => known.EventType, StringComparer.Ordinal);

    private JsonElement Json(object value) => JsonElement.Parse(store.Options.Serializer().ToJson(value));

    /// <summary>An instance with every member set, or with those only that must be.</summary>
    private static object Sample(Type type, bool full)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select((p, i) => Value(p, i, full))]);
    }

    private static object? Value(ParameterInfo parameter, int at, bool full)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var mayBeNull =
            type != parameter.ParameterType
            || new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;
        return mayBeNull && !full ? null
            : type == typeof(string)
                ? full ? $"{parameter.Name}: é \"\U0001F426\"\nline"
                    : ""
            : typeof(IEnumerable).IsAssignableFrom(type) ? List(type.GetGenericArguments().Single(), full)
            : Scalar(type, at, full);
    }

    private static Array List(Type element, bool full)
    {
        var list = Array.CreateInstance(element, full ? 1 : 0);
        for (var i = 0; i < list.Length; i++)
        {
            list.SetValue(Scalar(element, i, full), i);
        }

        return list;
    }

    private static object Scalar(Type type, int at, bool full) =>
        type == typeof(Guid)
            ? new Guid(
                string.Create(CultureInfo.InvariantCulture, $"01890000-0000-7000-8000-{(full ? at + 1 : 0):D12}")
            )
        : type == typeof(int)
            ? full ? at + 1
                : 0
        : type == typeof(long)
            ? full ? at + 1L
                : 0L
        : type == typeof(bool) ? full
        : type == typeof(string) ? $"text {at + 1}"
        : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddDays(at)
        : type.IsEnum ? Enum.GetValues(type).GetValue(full ? Enum.GetValues(type).Length - 1 : 0)!
        : Sample(type, full);
}
