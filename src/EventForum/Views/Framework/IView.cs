namespace EventForum.Views.Framework;

/// <summary>
/// A read view: rows that are folded from every event since the first, and kept up from then on. A class that implements
/// <see cref="IView{TRow}"/> is all that there is to do: it is found by its type.
/// </summary>
public interface IView
{
    /// <summary>Lower-case words with hyphens, 3-40 characters: <c>most-quoted</c>. It names the view's address and table.</summary>
    string Name { get; }

    /// <summary>
    /// From 1. Raise it whenever the same events would give other rows: the new version is built from the first event in a
    /// table of its own while the old one answers.
    /// </summary>
    int Version { get; }

    /// <summary>What it shows, in a sentence for people.</summary>
    string Summary { get; }

    /// <summary>Columns that its query looks rows up by, beside the key: an index each.</summary>
    IReadOnlyList<string[]> Indexes => [];
}

/// <summary>
/// A view with rows of one type: a record whose properties are the columns of its table, <c>PostCount</c> is
/// <c>post_count</c>. Those marked <c>[property: Key]</c> name a row; all others have a default. Both methods are pure: no
/// clock, no ids, no I/O.
/// </summary>
public interface IView<TRow> : IView
    where TRow : class
{
    /// <summary>The rows that an event changes, each with its key alone, as if nothing had happened to it yet.</summary>
    IEnumerable<TRow> RowsOf(ViewEvent e);

    /// <summary>The row after the event; null to delete it. The same row where nothing changes.</summary>
    TRow? Evolve(TRow row, ViewEvent e);
}
