using System.Text.Json;
using EventForum.Access;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Threads;
using EventForum.Views.Framework;
using JasperFx.Events;

namespace EventForum.Questions;

/// <summary>A type of event of the forum.</summary>
/// <param name="Name">As it is stored, such as post_removed.</param>
internal sealed record EventKind(string Name, Type Type)
{
    private Func<object, IEvent> Wrap { get; } =
        typeof(EventKind)
            .GetMethod(
                nameof(WrapAs),
                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static
            )!
            .MakeGenericMethod(Type)
            .CreateDelegate<Func<object, IEvent>>();

    public static IReadOnlyList<EventKind> All { get; } =
    [
        .. (
            (IEnumerable<EventDescription>)
                [
                    .. BoardEventDescriptions.All,
                    .. MemberEventDescriptions.All,
                    .. ThreadEventDescriptions.All,
                    .. CaseEventDescriptions.All,
                    .. BatchEventDescriptions.All,
                    .. ManagedViewEventDescriptions.All,
                ]
        ).Select(description => new EventKind(description.Name, description.EventType)),
    ];

    /// <summary>The kinds of some types of events.</summary>
    public static IEnumerable<EventKind> Of(params Type[] types) => All.Where(kind => types.Contains(kind.Type));

    /// <summary>The event that holds this data.</summary>
    /// <param name="json">As it is stored.</param>
    public IEvent Read(string json) => Wrap(JsonSerializer.Deserialize(json, Type, JsonSerializerOptions.Web)!);

    private static Event<T> WrapAs<T>(object data)
        where T : class => new((T)data);
}
