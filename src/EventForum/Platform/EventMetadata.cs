using JasperFx.Events;

namespace EventForum.Platform;

public static class EventMetadata
{
    /// <summary>The member who did it: the event's user name is the member's id, because names change.</summary>
    public static Guid ActorId(this IEvent e) =>
        Guid.TryParse(e.UserName, out var id)
            ? id
            : throw new InvalidOperationException($"Event {e.Sequence} ({e.EventTypeName}) names no actor.");

    /// <summary>What was done together with it, by one command.</summary>
    public static Guid BatchId(this IEvent e) => BatchId(e.CausationId, e.Id);

    /// <param name="causation">Null, or something else, of events that came in by an import: each is a batch of its own.</param>
    /// <param name="eventId">The event's id.</param>
    public static Guid BatchId(string? causation, Guid eventId) => Guid.TryParse(causation, out var id) ? id : eventId;
}
