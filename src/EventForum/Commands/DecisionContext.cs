using EventForum.Access;

namespace EventForum.Commands;

/// <summary>What a rule may look at: the streams as the commands before it left them, what else it names, who asks.</summary>
/// <param name="streams">The streams of all commands of the batch.</param>
/// <param name="named">What the commands of the batch name beside streams.</param>
public sealed class DecisionContext(
    IReadOnlyDictionary<StreamKey, StreamState> streams,
    IReadOnlyList<INamedState> named,
    Guid actorId,
    Reader reader,
    object? prepared = null
)
{
    /// <summary>The member who sends the command.</summary>
    public Guid ActorId { get; } = actorId;

    /// <summary>What the member may see and do, by the permissions that hold when the command comes in.</summary>
    public Reader Reader { get; } = reader;

    /// <summary>What was worked out before the command came to its writer: see <see cref="CommandPreparation"/>.</summary>
    public T Prepared<T>() =>
        prepared is T wanted
            ? wanted
            : throw new InvalidOperationException($"No module registers how {typeof(T).Name} is prepared.");

    /// <summary>The aggregate of a stream that the command names; null when there is none.</summary>
    public T? Find<T>(StreamKey stream)
        where T : class => (T?)streams[stream].Aggregate;

    /// <summary>What the command names beside streams.</summary>
    public T Named<T>()
        where T : INamedState
    {
        foreach (var state in named)
        {
            if (state is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"No module registers how {typeof(T).Name} is loaded.");
    }
}
