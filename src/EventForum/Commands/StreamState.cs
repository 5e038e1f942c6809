using JasperFx.Events;

namespace EventForum.Commands;

/// <summary>A stream in a batch: its aggregate, as the commands so far left it.</summary>
/// <param name="key">The stream.</param>
/// <param name="aggregate">As it was loaded; null when there is none of this kind.</param>
/// <param name="version">The version that it was loaded at.</param>
/// <param name="append">Hands an event to the store.</param>
public sealed class StreamState(StreamKey key, object? aggregate, long version, Action<IEvent> append)
{
    public StreamKey Key { get; } = key;

    public object? Aggregate { get; private set; } = aggregate;

    public long LoadedVersion { get; } = version;

    public long Version { get; private set; } = version;

    public bool HasEvents => Version > LoadedVersion;

    public void Append(IEvent e)
    {
        e.StreamId = Key.Id;
        append(e);
        Aggregate = Key.Kind.Fold(Aggregate, e);
        Version++;
    }
}
