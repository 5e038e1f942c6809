using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Commands;

/// <summary>
/// The aggregates of the streams that this server wrote last: a command on one of them needs no look at the database
/// before its rule. Another server may have written since, so such a state is good for an append, which fails where the
/// stream has moved on, but not for a refusal.
/// </summary>
public sealed class RememberedStates : IDisposable
{
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Gives a stream's state and forgets it: it is kept again once what was made of it is stored.</summary>
    public (object Aggregate, long Version)? Take(StreamKey stream)
    {
        var state = known.Get<Remembered>(stream);
        known.Remove(stream);
        return state is null ? null : (state.Aggregate, state.Version);
    }

    public void Keep(StreamState stream)
    {
        if (stream.Stored() is { } aggregate)
        {
            known.Set(stream.Key, new Remembered(aggregate, stream.Version), new MemoryCacheEntryOptions { Size = 1 });
        }
    }

    public void Dispose() => known.Dispose();

    private sealed record Remembered(object Aggregate, long Version);
}
