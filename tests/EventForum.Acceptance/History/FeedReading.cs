namespace EventForum.Acceptance.History;

/// <summary>A reader at work, and what it has read so far.</summary>
internal sealed class FeedReading
{
    private readonly Lock gate = new();
    private readonly List<long> positions = [];
    private readonly Task work;

    public FeedReading(Func<Action<long>, Task> read) =>
        work = read(position =>
        {
            lock (gate)
            {
                positions.Add(position);
            }
        });

    public async Task<IReadOnlyList<long>> Progress()
    {
        if (work.IsFaulted)
        {
            await work;
        }

        lock (gate)
        {
            return [.. positions];
        }
    }
}
