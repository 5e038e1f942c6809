using System.Text;

namespace EventForum.Threads.Quoting;

/// <summary>
/// Collects differences the way people read them: neighbours of a kind are one, what was removed stands before
/// what came in its place, and words that were replaced one after the other are replaced together.
/// </summary>
internal sealed class ReadableDifferences
{
    private readonly List<Difference> differences = [];
    private readonly StringBuilder same = new();
    private readonly StringBuilder removed = new();
    private readonly StringBuilder added = new();
    private readonly StringBuilder space = new();

    public void Add(Difference difference)
    {
        if (difference.Text.Length == 0)
            return;
        if (difference.Kind != DiffKind.Same)
        {
            Bridge();
            (difference.Kind == DiffKind.Removed ? removed : added).Append(difference.Text);
        }
        else if (removed.Length > 0 && added.Length > 0 && difference.Text.AsSpan().Trim(' ').IsEmpty)
        {
            space.Append(difference.Text);
        }
        else
        {
            EndChange();
            same.Append(difference.Text);
        }
    }

    public IReadOnlyList<Difference> ToList()
    {
        EndChange();
        Move(same, DiffKind.Same);
        return differences;
    }

    private void Bridge()
    {
        removed.Append(space);
        added.Append(space);
        space.Clear();
    }

    private void EndChange()
    {
        if (removed.Length == 0 && added.Length == 0)
            return;
        Move(same, DiffKind.Same);
        Move(removed, DiffKind.Removed);
        Move(added, DiffKind.Added);
        same.Append(space);
        space.Clear();
    }

    private void Move(StringBuilder text, DiffKind kind)
    {
        if (text.Length > 0)
            differences.Add(new(kind, text.ToString()));
        text.Clear();
    }
}
