using System.Text.Json.Serialization.Metadata;
using EventForum.Exchange;
using EventForum.Tests.Access;

namespace EventForum.Tests.Exchange;

public sealed class StrictJsonTests
{
    [Fact]
    public void each_member_that_is_demanded_of_an_event_is_one_that_can_be_given()
    {
        var seen = new HashSet<Type>();
        var left = new Stack<Type>(DescribedEvents.All.Select(description => description.EventType));
        var demanded = 0;
        while (left.TryPop(out var type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            var shape = StrictJson.Options.GetTypeInfo(type);
            if (shape.ElementType is { } element)
            {
                left.Push(element);
            }

            foreach (var property in shape.Properties)
            {
                (property.IsRequired && property.Set is null && !IsParameter(shape, property)).ShouldBeFalse(
                    $"{type.Name}.{property.Name}"
                );
                demanded += property.IsRequired ? 1 : 0;
                left.Push(property.PropertyType);
            }
        }

        demanded.ShouldBeGreaterThan(50);
    }

    private static bool IsParameter(JsonTypeInfo type, JsonPropertyInfo property) =>
        type
            .Type.GetConstructors()
            .Any(constructor =>
                constructor
                    .GetParameters()
                    .Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase))
            );
}
