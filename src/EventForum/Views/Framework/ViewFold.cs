using Marten;

namespace EventForum.Views.Framework;

/// <summary>Folds a page of events into a view's rows: in memory, with one read and two writes a page.</summary>
internal sealed class ViewFold<TRow>(IView<TRow> view, ViewTable<TRow> table)
    where TRow : class
{
    /// <exception cref="ViewFailedException">The view threw; nothing of the page is written.</exception>
    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<ViewEvent> events,
        CancellationToken cancellation
    )
    {
        var places = new Dictionary<TRow, int>();
        var changes = new List<(ViewEvent Event, int Row)>();
        var empty = new List<TRow>();
        foreach (var e in events)
        {
            foreach (var row in Try(e, RowsOf, 0))
            {
                if (!places.TryGetValue(row, out var place))
                {
                    places[row] = place = empty.Count;
                    empty.Add(row);
                }

                changes.Add((e, place));
            }
        }

        var stored = await table.LoadAsync(operations, empty, cancellation);
        var rows = new TRow?[empty.Count];
        foreach (var (place, row) in stored)
        {
            rows[place] = row;
        }

        // A row that was deleted begins anew.
        foreach (var (e, place) in changes)
        {
            rows[place] = Try(e, Evolve, rows[place] ?? empty[place]);
        }

        var (gone, changed, added) = (new List<TRow>(), new List<TRow>(), new List<TRow>(rows.Length));
        for (var place = 0; place < rows.Length; place++)
        {
            var before = stored.GetValueOrDefault(place);
            if (rows[place] is not { } row)
            {
                if (before is not null)
                {
                    gone.Add(before);
                }
            }
            else if (!ReferenceEquals(row, before))
            {
                (before is null ? added : changed).Add(row);
            }
        }

        table.QueueDelete(operations, gone);
        table.QueueUpdate(operations, changed);
        table.QueueInsert(operations, added);
    }

    private IReadOnlyList<TRow> RowsOf(ViewEvent e, int none) => [.. view.RowsOf(e)];

    private TRow? Evolve(ViewEvent e, TRow row) => view.Evolve(row, e);

    private static TResult Try<TArgument, TResult>(
        ViewEvent e,
        Func<ViewEvent, TArgument, TResult> step,
        TArgument argument
    )
    {
        try
        {
            return step(e, argument);
        }
        catch (Exception failure)
        {
            throw new ViewFailedException(e.Position, e.Event.EventTypeName, failure);
        }
    }
}

/// <summary>A view threw while it took in an event.</summary>
public sealed class ViewFailedException(long position, string eventType, Exception failure)
    : Exception($"Event {position} ({eventType}): {failure.GetType().Name}: {failure.Message}", failure)
{
    /// <summary>The position of the event.</summary>
    public long Position { get; } = position;
}
