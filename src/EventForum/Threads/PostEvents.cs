using System.Collections.Frozen;
using EventForum.Access;

namespace EventForum.Threads;

/// <summary>What the events about posts have in common.</summary>
internal static class PostEvents
{
    private static readonly FrozenDictionary<Type, EventDescription> Descriptions =
        ThreadEventDescriptions.All.ToFrozenDictionary(description => description.EventType);

    /// <summary>The post that an event is about; null for those about the thread itself.</summary>
    public static Guid? PostOf(object data) => Descriptions.GetValueOrDefault(data.GetType())?.PostOf(data);
}
