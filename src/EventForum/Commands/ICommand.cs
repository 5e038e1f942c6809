using System.Text.Json;
using System.Text.Json.Serialization;
using EventForum.Platform;
using JasperFx.Events;

namespace EventForum.Commands;

/// <summary>
/// A command: it names the streams that it may write to, and its rule, <see cref="Decide"/>, is pure: what there is and
/// who asks, to events or a refusal.
/// </summary>
public interface ICommand
{
    /// <summary>The streams that it may write to, that of <see cref="Decision.Events"/> first.</summary>
    [JsonIgnore]
    IReadOnlyList<StreamKey> Streams { get; }

    /// <summary>
    /// What a retry with the same Idempotency-Key must repeat. What is found out or made up where the command enters,
    /// such as ids of new things, is no part of it.
    /// </summary>
    [JsonIgnore]
    string Request => GetType().Name + JsonSerializer.Serialize(this, GetType(), JsonSerializerOptions.Web);

    /// <summary>The id of what it does, which its events carry as their causation; null where nobody need know it before.</summary>
    [JsonIgnore]
    Guid? BatchId => null;

    /// <summary>Whether who is suspended may send it all the same.</summary>
    [JsonIgnore]
    bool IsForSuspended => false;

    Decision Decide(DecisionContext context);
}

/// <summary>What a rule decided: events to append, or why not.</summary>
public sealed record Decision
{
    /// <summary>
    /// The refusal of a rule that finds its command to be about other streams than it names: they were found out before
    /// it came to its turn. It is planned anew then.
    /// </summary>
    public static Refusal StreamsChanged { get; } =
        new(
            503,
            "streams-changed",
            "What the command is about changes all the time.",
            "Send the command again after the time in Retry-After, with the same Idempotency-Key."
        )
        {
            RetryAfter = 1,
        };

    /// <summary>For the first of the command's streams.</summary>
    public IReadOnlyList<object> Events { get; private init; } = [];

    /// <summary>For the others.</summary>
    public IReadOnlyList<StreamEvents> Others { get; private init; } = [];

    /// <summary>Stored events that get other data, in the same transaction: words are taken out of them.</summary>
    public IReadOnlyList<OverwrittenEvent> Overwritten { get; private init; } = [];

    public Refusal? Refusal { get; private init; }

    public Receipt Receipt { get; private init; } = new();

    public static implicit operator Decision(Refusal refusal) => new() { Refusal = refusal };

    public static Decision To(Receipt receipt, params object[] events) => new() { Receipt = receipt, Events = events };

    /// <summary>The same, and events for another of the command's streams.</summary>
    public Decision And(StreamKey stream, params object[] events) =>
        this with
        {
            Others = [.. Others, new StreamEvents(stream, events)],
        };

    public Decision Overwriting(IReadOnlyList<OverwrittenEvent> events) => this with { Overwritten = events };

    /// <summary>What is written, by stream.</summary>
    /// <param name="streams">Those that the command names.</param>
    internal IReadOnlyList<StreamEvents> WrittenTo(IReadOnlyList<StreamKey> streams)
    {
        if (Others.Count == 0 && Events.Count > 0)
        {
            return [new StreamEvents(streams[0], Events)];
        }

        List<StreamEvents> written = Events.Count > 0 ? [new StreamEvents(streams[0], Events), .. Others] : [.. Others];
        if (written.Count == 0 || written.Exists(one => one.Events.Count == 0))
        {
            throw new InvalidOperationException("A rule that does not refuse gives events.");
        }

        return
            written.TrueForAll(one => streams.Contains(one.Stream))
            && written.DistinctBy(one => one.Stream).Count() == written.Count
            ? written
            : throw new InvalidOperationException("A rule writes once to each of the streams that its command names.");
    }
}

/// <summary>A stored event, and the data that it has from now on.</summary>
/// <param name="Forgotten">The values that are taken out of it, as <see cref="EventSalts"/> names them.</param>
public sealed record OverwrittenEvent(IEvent Stored, object Data, IReadOnlyList<string> Forgotten);

public sealed record StreamEvents(StreamKey Stream, IReadOnlyList<object> Events);
