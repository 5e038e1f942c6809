using EventForum.Platform;
using Npgsql;

namespace EventForum.History;

/// <summary>
/// Reads a page of events a slice at a time: how long the events are is not known before they are read, and of long ones
/// few fill a page.
/// </summary>
internal static class EventSlices
{
    private const int Slice = 64;

    /// <param name="command">Reads so many events after one; after none at first.</param>
    /// <param name="streamType">As <see cref="EventRow.ReadAsync"/> takes it.</param>
    /// <returns>The events, and whether there may be more: the page is full.</returns>
    public static async Task<(List<EventRow> Rows, bool IsFull)> ReadAsync(
        Func<EventRow?, int, NpgsqlCommand> command,
        int limit,
        string? streamType,
        CancellationToken cancellation
    )
    {
        var rows = new List<EventRow>();
        var size = new AnswerSize();
        while (true)
        {
            var wanted = Math.Min(Slice, limit - rows.Count);
            await using var slice = command(rows.LastOrDefault(), wanted);
            var read = await EventRow.ReadAsync(slice, streamType, cancellation);
            foreach (var row in read)
            {
                if (size.IsFull)
                {
                    return (rows, true);
                }

                rows.Add(row);
                size.Add(row.Json);
            }

            if (read.Count < wanted)
            {
                return (rows, false);
            }

            if (rows.Count == limit || size.IsFull)
            {
                return (rows, true);
            }
        }
    }
}
