using System.Text.Json;
using System.Text.Json.Nodes;
using EventForum.Acceptance.Golden;
using EventForum.Transparency;

namespace EventForum.Acceptance.Transparency;

/// <summary>Nothing that anybody wrote, and nobody's name, can be had from the log: of no type of event.</summary>
public sealed class NothingPersonalTests
{
    private const string Marker = "marker-of-a-person";

    [Fact]
    public void no_text_of_any_event_is_in_its_leaf_or_its_record()
    {
        var kinds = JsonElement.Parse(GoldenFile.Read("events.json")).EnumerateObject().ToList();
        kinds.Count.ShouldBeGreaterThan(40);
        foreach (var kind in kinds)
        {
            var data = Marked(JsonNode.Parse(kind.Value.GetProperty("full").GetRawText()));
            var e = new LoggedEvent(
                7,
                Guid.CreateVersion7(),
                Guid.CreateVersion7(),
                3,
                kind.Name,
                TimeProvider.System.GetUtcNow(),
                Marker,
                Marker,
                Marker,
                data!.ToJsonString(),
                $$$"""{"import": {"file": "{{{Marker}}}", "names": ["{{{Marker}}}"]}}"""
            );

            var leaf = Leaf.Of(e);

            Leaf.Entry(7, leaf.Commitment).ShouldNotContain(Marker);
            leaf.Record.ShouldNotContain(Marker);
            // What stands in the clear beside commitments is what every event has.
            var record = JsonElement.Parse(leaf.Record);
            record
                .EnumerateObject()
                .Where(member => member.Value.ToString().Length != 44)
                .Select(member => member.Name)
                .ShouldBe(["id", "stream", "time", "type", "version"]);
            LeafComparison.Differences(e, record, leaf.Salts).ShouldBeEmpty(kind.Name);
        }
    }

    private static JsonNode? Marked(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(member => member.Key).ToList())
                {
                    members[name] = Marked(members[name]?.DeepClone());
                }

                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    items[i] = Marked(items[i]?.DeepClone());
                }

                return items;
            default:
                return node?.GetValueKind() == JsonValueKind.String ? JsonValue.Create(Marker) : node;
        }
    }
}
