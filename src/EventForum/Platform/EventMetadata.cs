using JasperFx.Events;

namespace EventForum.Platform;

public static class EventMetadata
{
    /// <summary>The member who did it: the event's user name is the member's id, because names change.</summary>
    public static Guid ActorId(this IEvent e) =>
        Guid.TryParse(e.UserName, out var id)
            ? id
            : throw new InvalidOperationException($"Event {e.Sequence} ({e.EventTypeName}) names no actor.");
}
