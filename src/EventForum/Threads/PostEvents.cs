using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

/// <summary>What the events about posts have in common.</summary>
internal static class PostEvents
{
    private static readonly FrozenDictionary<Type, EventDescription> Descriptions =
        ThreadEventDescriptions.All.ToFrozenDictionary(description => description.EventType);

    private static readonly ConditionalWeakTable<object, Dictionary<Guid, int>> Places = [];

    /// <summary>The post that an event is about; null for those about the thread itself, and about several posts.</summary>
    public static Guid? PostOf(object data) => Descriptions.GetValueOrDefault(data.GetType())?.PostOf(data);

    /// <summary>Every post that an event is about.</summary>
    public static IEnumerable<Guid> PostsOf(object data) =>
        data switch
        {
            PostsMovedOut moved => moved.Posts.Concat(moved.Renumbered).Select(post => post.PostId),
            PostsMovedIn => PlacesIn(data).Keys,
            _ => PostOf(data) is { } post ? [post] : [],
        };

    /// <summary>The post that a post answers by the event that brought it; null where that is not known.</summary>
    public static Guid? ParentOf(object data) =>
        data switch
        {
            ThreadStarted e => e.ParentId,
            ReplyPosted e => e.ParentId,
            _ => null,
        };

    /// <summary>What is left of the words that were taken out of an event; null for one that has its words, or never had any.</summary>
    public static Mask? MaskOf(object data) =>
        data switch
        {
            ThreadStarted e => e.Mask,
            ReplyPosted e => e.Mask,
            PostEdited e => e.Mask,
            _ => null,
        };

    /// <summary>How the words of an event are written; Markdown for one that brings none.</summary>
    public static PostFormat FormatOf(object data) =>
        data switch
        {
            ThreadStarted e => e.Format,
            ReplyPosted e => e.Format,
            PostEdited e => e.Format,
            _ => PostFormat.Markdown,
        };

    /// <summary>An event that brought words, without them.</summary>
    public static object Masked(object data, Masking why)
    {
        return data switch
        {
            ThreadStarted e => e with { Body = "", Mask = e.Mask ?? Of(e.Body) },
            ReplyPosted e => e with { Body = "", Mask = e.Mask ?? Of(e.Body) },
            PostEdited e => e with { Body = "", Mask = e.Mask ?? Of(e.Body) },
            _ => throw new ArgumentException($"No words of a post are in {data.GetType().Name}.", nameof(data)),
        };

        Mask Of(string body) => new(why, PlainLine.Length(body));
    }

    /// <summary>The number in the event's thread that it gives a post; null where it gives none.</summary>
    public static int? NumberOf(object data, Guid postId) =>
        data is PostsMovedIn or PostsMovedOut && PlacesIn(data).TryGetValue(postId, out var number) ? number : null;

    /// <summary>The posts that an event gives a number in its thread. An event may hold thousands: they are looked up.</summary>
    private static Dictionary<Guid, int> PlacesIn(object data) =>
        Places.GetValue(
            data,
            static known =>
                known switch
                {
                    PostsMovedIn moved => moved
                        .Posts.Select(post => (post.PostId, post.Number))
                        .Concat(moved.Renumbered.Select(post => (post.PostId, post.Number)))
                        .ToDictionary(post => post.PostId, post => post.Number),
                    PostsMovedOut moved => moved.Renumbered.ToDictionary(post => post.PostId, post => post.Number),
                    _ => [],
                }
        );
}
