using JasperFx.Events;

namespace EventForum.Commands;

/// <summary>A stream in a batch: its aggregate, as the commands so far left it.</summary>
/// <param name="key">The stream.</param>
/// <param name="aggregate">As it was loaded; null when there is none of this kind.</param>
/// <param name="version">The version that it was loaded at.</param>
/// <param name="append">Hands an event to the store.</param>
public sealed class StreamState(StreamKey key, object? aggregate, long version, Action<IEvent> append)
{
    private readonly object? loaded = aggregate;
    private readonly List<IEvent> events = [];

    public StreamKey Key { get; } = key;

    public object? Aggregate { get; private set; } = aggregate;

    public long LoadedVersion { get; } = version;

    public long Version => LoadedVersion + events.Count;

    public bool HasEvents => events.Count > 0;

    public void Append(IEvent e)
    {
        e.StreamId = Key.Id;
        append(e);
        events.Add(e);
        Aggregate = Key.Kind.Fold(Aggregate, e);
    }

    /// <summary>The aggregate as it is stored: events have their times only then.</summary>
    internal object? Stored() => events.Aggregate(loaded, Key.Kind.Fold);
}
