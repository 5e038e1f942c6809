using System.Runtime.InteropServices;

namespace EventForum.Exchange.Sources;

/// <summary>
/// Which mail answers which, by what their headers refer to. Mails that are missing still hold together those that
/// refer to them. Some hundred bytes a mail are in memory, and no text.
/// </summary>
internal sealed class MailThreads
{
    private const int None = -1;

    private readonly Dictionary<Guid, int> numbers = [];
    private readonly List<Guid> ids = [];
    private readonly List<bool> isHere = [];
    private readonly List<int> parents = [];

    /// <summary>The way up from each mail, shortened as it is walked.</summary>
    private readonly List<int> above = [];
    private readonly List<(int Child, int Parent)> hints = [];

    /// <param name="ancestors">What it refers to, the mail that it answers last.</param>
    /// <returns>Whether it is the first mail of this id.</returns>
    public bool Add(Guid id, IReadOnlyList<Guid> ancestors)
    {
        var mail = NumberOf(id);
        if (isHere[mail])
        {
            return false;
        }

        isHere[mail] = true;
        var child = mail;
        for (var i = ancestors.Count - 1; i >= 0; i--)
        {
            var parent = NumberOf(ancestors[i]);
            if (child == mail)
            {
                Link(child, parent);
            }
            else
            {
                hints.Add((child, parent));
            }

            child = parent;
        }

        return true;
    }

    /// <summary>Each mail with the first one of its thread, and the nearest one above it that is here.</summary>
    /// <returns>The thread is named by a mail that may be missing.</returns>
    public IEnumerable<(Guid Mail, Guid Thread, Guid? Parent, bool IsParentMissing)> All()
    {
        // What a mail says of itself counts more than what others say of it.
        foreach (var (child, parent) in hints)
        {
            Link(child, parent);
        }

        hints.Clear();
        for (var mail = 0; mail < ids.Count; mail++)
        {
            if (!isHere[mail])
            {
                continue;
            }

            var parent = parents[mail];
            while (parent != None && !isHere[parent])
            {
                parent = parents[parent];
            }

            yield return (
                ids[mail],
                ids[Top(mail)],
                parent == None ? null : ids[parent],
                parents[mail] != None && parents[mail] != parent
            );
        }
    }

    private void Link(int child, int parent)
    {
        if (parents[child] == None && Top(parent) != child)
        {
            parents[child] = parent;
            above[child] = parent;
        }
    }

    private int Top(int mail)
    {
        var top = mail;
        while (above[top] != None)
        {
            top = above[top];
        }

        var ways = CollectionsMarshal.AsSpan(above);
        while (mail != top)
        {
            (mail, ways[mail]) = (ways[mail], top);
        }

        return top;
    }

    private int NumberOf(Guid id)
    {
        if (!numbers.TryGetValue(id, out var number))
        {
            number = numbers[id] = ids.Count;
            ids.Add(id);
            isHere.Add(false);
            parents.Add(None);
            above.Add(None);
        }

        return number;
    }
}
