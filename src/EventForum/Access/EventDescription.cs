using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using EventForum.Platform;
using JasperFx.Events;
using Marten;

namespace EventForum.Access;

/// <summary>A kind of stream.</summary>
/// <param name="Name">thread, board, member: as readers see it.</param>
/// <param name="Aggregate">What its events are folded into, by which the store names it.</param>
public sealed record StreamKind(string Name, Type Aggregate)
{
    /// <summary>Describes an event of such a stream.</summary>
    /// <param name="sentence">What happened, for people.</param>
    /// <param name="post">The member that names the post which the event is about.</param>
    /// <param name="quotes">The posts that it quotes.</param>
    public EventDescription Event<T>(
        Func<T, EventWords, string> sentence,
        Expression<Func<T, Guid>>? post = null,
        Func<T, IEnumerable<Guid>>? quotes = null
    )
        where T : class
    {
        var member = (post?.Body as MemberExpression)?.Member as PropertyInfo;
        if (post is not null && member is null)
        {
            throw new ArgumentException("This is not a member of the event.", nameof(post));
        }

        var postOf = member?.GetMethod!.CreateDelegate<Func<T, Guid>>();
        return new EventDescription(
            typeof(T),
            this,
            (e, words) => sentence((T)e, words),
            e => postOf?.Invoke((T)e),
            e => quotes?.Invoke((T)e) ?? []
        )
        {
            PostMember = member is null ? null : JsonNamingPolicy.CamelCase.ConvertName(member.Name),
        };
    }
}

/// <summary>
/// What people read of an event, and what is withheld from whom. There is one for each type of event, beside the
/// event: a type without one is neither registered nor shown.
/// </summary>
/// <param name="EventType">The type of its data.</param>
/// <param name="Stream">The streams in which it stands.</param>
/// <param name="Sentence">What happened, for people.</param>
/// <param name="PostOf">The post that it is about; null where it is about none.</param>
/// <param name="QuotedPostsOf">The posts that it quotes.</param>
public sealed record EventDescription(
    Type EventType,
    StreamKind Stream,
    Func<object, EventWords, string> Sentence,
    Func<object, Guid?> PostOf,
    Func<object, IEnumerable<Guid>> QuotedPostsOf
)
{
    /// <summary>The event's type as it is stored and as readers see it, such as post_removed.</summary>
    public string Name { get; } = EventType.GetEventTypeName();

    /// <summary>What a chart shows it as: post, edit, removal, rename, lock, pin, move or other.</summary>
    public string Mark { get; init; } = "other";

    /// <summary>The member of its data, as JSON names it, that names the post which it is about; null where it is about none.</summary>
    public string? PostMember { get; init; }

    /// <summary>Members of its data, as JSON names them, for those only who moderate where it happened.</summary>
    public IReadOnlyList<string> ForModerators { get; init; } = [];

    /// <summary>The same, as long as the post is removed that it is about.</summary>
    public IReadOnlyList<string> ForModeratorsWhenRemoved { get; init; } = [];

    /// <summary>Whether only those who moderate all boards learn of the event: it may be about any of them.</summary>
    public bool IsForModerators { get; init; }

    /// <summary>
    /// Whether no list of events says who did it or what its data is, to nobody: only what its feature shows itself does.
    /// </summary>
    public bool IsConfidential { get; init; }
}

/// <summary>What stands in an event's sentence beside its data, ready to be put there.</summary>
/// <param name="Actor">Who did it.</param>
/// <param name="Subject">The member in whose stream it stands.</param>
/// <param name="Post">The post that it is about: post 12 by tom.</param>
/// <param name="Quoting">Ends the sentence with the posts that are quoted; empty where none is.</param>
/// <param name="IsWithheld">Something of its data is withheld, which a reason may repeat.</param>
public sealed record EventWords(string Actor, string Subject, string Post, string Quoting, bool IsWithheld)
{
    /// <summary>The other thread or the board that the event names: “Herons”. Null where its reader does not see it.</summary>
    public string? Place { get; init; }

    /// <summary>The post whose story is told; null where no single post's is.</summary>
    public Guid? Told { get; init; }

    /// <summary>Whether the reason stands beside the sentence.</summary>
    public bool WithoutReason { get; init; }

    /// <summary>Ends the sentence with why it was done; empty where nobody said so.</summary>
    public string Because(string? reason) =>
        reason is null || IsWithheld || WithoutReason ? "" : ": " + Bidi.Isolate(reason);
}

public static class EventDescriptions
{
    /// <summary>Registers a feature's events, with what people read of them.</summary>
    public static IServiceCollection AddEvents(
        this IServiceCollection services,
        IReadOnlyList<EventDescription> descriptions
    )
    {
        foreach (var description in descriptions)
        {
            services.AddSingleton(description);
        }

        return services.ConfigureMarten(options =>
            options.Events.AddEventTypes(descriptions.Select(description => description.EventType))
        );
    }

    /// <summary>
    /// What one event about a post withholds as long as the post is removed: all of them do where a post stands in a board that
    /// somebody does not see.
    /// </summary>
    public static IReadOnlyList<string> WithheldOfPosts(this IEnumerable<EventDescription> descriptions) =>
        [
            .. descriptions
                .Where(description => description.PostMember is not null)
                .SelectMany(description => description.ForModeratorsWhenRemoved)
                .Distinct(StringComparer.Ordinal),
        ];
}
