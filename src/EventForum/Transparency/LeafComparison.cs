using System.Text.Json;
using EventForum.Platform;

namespace EventForum.Transparency;

/// <summary>Compares an event with its leaf, value by value. Pure.</summary>
internal static class LeafComparison
{
    /// <summary>Members of a record that stand in the clear.</summary>
    private static readonly string[] Clear = ["id", "stream", "time", "type", "version"];

    /// <summary>What of the event is not as it was when it came to the log; nothing where all of it is.</summary>
    /// <param name="record">The leaf's, which has been compared with the leaf's commitment.</param>
    public static IEnumerable<string> Differences(
        LoggedEvent e,
        JsonElement record,
        IReadOnlyDictionary<string, string> salts
    )
    {
        var now = e.Clear()
            .ToDictionary(member => member.Key, member => member.Value.ToString(), StringComparer.Ordinal);
        foreach (var name in Clear)
        {
            var was = record.TryGetProperty(name, out var known) ? known.ToString() : "";
            if (now[name] != was)
            {
                yield return $"{name} was {was} and is {now[name]}";
            }
        }

        using var data = JsonDocument.Parse(e.Data);
        using var headers = e.Headers is null ? null : JsonDocument.Parse(e.Headers);
        var values = e.Values(data, headers)
            .ToDictionary(value => value.Path, value => value.Value, StringComparer.Ordinal);
        var committed = record
            .EnumerateObject()
            .Where(member => !Clear.Contains(member.Name, StringComparer.Ordinal))
            .ToDictionary(member => member.Name, member => member.Value.ToString(), StringComparer.Ordinal);
        foreach (var (path, commitment) in committed)
        {
            JsonElement? value = values.TryGetValue(path, out var there) ? there : null;
            if (!salts.TryGetValue(path, out var salt))
            {
                if (!EventSalts.IsMask(value))
                {
                    yield return $"the salt of {path} is missing, and the value is still there";
                }
            }
            else if (value is null)
            {
                yield return $"{path} is gone";
            }
            else if (!Leaf.IsTo(commitment, salt, value.Value))
            {
                yield return $"{path} and its salt do not fit the log";
            }
        }

        foreach (var (path, value) in values)
        {
            // Null may stand where an object was whose values are all forgotten.
            var isMask =
                EventSalts.IsMask(value)
                && committed.Keys.Any(one => one.StartsWith(path + ".", StringComparison.Ordinal));
            var isMark = EventSalts.IsMark(path) && committed.Keys.Any(one => !salts.ContainsKey(one));
            if (!committed.ContainsKey(path) && !isMark && !isMask)
            {
                yield return $"{path} was added";
            }
        }
    }
}
