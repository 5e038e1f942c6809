using EventForum.Platform;
using Npgsql;

namespace EventForum.Transparency;

/// <summary>
/// Makes the tree again from the events and their salts, and compares every event with its leaf, the tiles with the tree, and the tree
/// with the checkpoints.
/// </summary>
/// <param name="connection">In a transaction that sees one moment.</param>
/// <param name="readers">They see what it sees; leaves are read on them.</param>
internal sealed class LogVerification(
    NpgsqlConnection connection,
    IReadOnlyList<NpgsqlConnection> readers,
    VerifierKey? key
)
{
    private readonly LogRows rows = new(connection);
    private readonly List<Flaw> flaws = [];
    private readonly TreeEdge tree = new(0, new Dictionary<int, byte[]>());
    private readonly Dictionary<Guid, long> idsOfLeaves = [];
    private readonly Dictionary<Guid, long> idsOfEvents = [];

    /// <param name="kept">Checkpoints that somebody kept elsewhere, as signed notes.</param>
    public async Task<LogReport> RunAsync(
        IReadOnlyList<string> kept,
        Action<long, long> progress,
        CancellationToken cancellation
    )
    {
        await using var asking = new NpgsqlCommand(LogHead.Query, connection);
        if (await LogHead.ReadAsync(asking, cancellation) is not { } head)
        {
            return new LogReport(0, 0, [new Flaw(null, "checkpoint", "there is none: no server has begun the log")]);
        }

        var checkpoints = Checkpoints(head, kept);
        var roots = new Dictionary<long, byte[]> { [0] = MerkleTree.EmptyRoot };
        var (next, high) = (0L, 0L);
        await foreach (var some in LeafReader.ReadAllAsync(readers, cancellation))
        {
            foreach (var leaf in some)
            {
                if (leaf.Index != next)
                {
                    flaws.Add(new Flaw(null, "leaf", $"{leaf.Index - next} before leaf {leaf.Index} are missing"));
                }

                (next, high) = (leaf.Index + 1, Math.Max(high, leaf.Position));
                tree.Add(leaf.Hash);
                if (checkpoints.Exists(checkpoint => checkpoint.Size == tree.Size))
                {
                    roots[tree.Size] = tree.Root();
                }

                Compare(leaf);
            }

            await CompareTilesAsync(tree.TakeFull(), cancellation);
            progress(tree.Size, head.Size);
        }

        Insert(await rows.InsertedAsync(Math.Max(high, head.Position), cancellation));
        await CompareTilesAsync(tree.Written(), cancellation);
        Settle();
        Compare(checkpoints, roots);
        if (head.Size != tree.Size || head.Position != high)
        {
            flaws.Add(
                new Flaw(
                    null,
                    "leaf",
                    $"there are {tree.Size}, the last at {high}; there were {head.Size}, the last at {head.Position}"
                )
            );
        }

        await using var count = new NpgsqlCommand(
            $"select count(*) from {MartenTables.Events} e where position > $1 and type <> '{MartenTables.Tombstone}'",
            connection
        );
        count.Parameters.AddWithValue(head.Position);
        var behind = (long)(await count.ExecuteScalarAsync(cancellation))!;
        return new LogReport(tree.Size, behind, [.. flaws.OrderBy(flaw => flaw.Position ?? long.MaxValue)]);
    }

    private List<Checkpoint> Checkpoints(LogHead head, IReadOnlyList<string> kept)
    {
        var checkpoints = new List<Checkpoint>();
        var by = key ?? VerifierKey.Parse(head.Key);
        foreach (var note in kept.Prepend(head.Note))
        {
            if (by is not null && Checkpoint.Open(note, by) is { } checkpoint)
            {
                checkpoints.Add(checkpoint);
            }
            else
            {
                flaws.Add(
                    new Flaw(
                        null,
                        "checkpoint",
                        $"it is not signed with the key {by?.ToString() ?? head.Key}: {note.Trim()}"
                    )
                );
            }
        }

        if (checkpoints.FirstOrDefault() is { } own && own.Size != head.Size)
        {
            flaws.Add(new Flaw(null, "checkpoint", $"it is of {own.Size} leaves, and there were {head.Size}"));
        }

        return checkpoints;
    }

    private void Compare(List<Checkpoint> checkpoints, Dictionary<long, byte[]> roots)
    {
        foreach (var checkpoint in checkpoints)
        {
            if (!roots.TryGetValue(checkpoint.Size, out var root))
            {
                flaws.Add(
                    new Flaw(null, "checkpoint", $"it is of {checkpoint.Size} leaves, and there are {tree.Size}")
                );
            }
            else if (!root.AsSpan().SequenceEqual(checkpoint.Root))
            {
                flaws.Add(
                    new Flaw(
                        null,
                        "checkpoint",
                        $"the first {checkpoint.Size} leaves are others than those that it was signed for"
                    )
                );
            }
        }
    }

    private void Compare(LookedAt leaf)
    {
        if (!leaf.FitsRecord)
        {
            flaws.Add(
                new Flaw(leaf.Position, "salt", "its record in the log and the record's salt do not fit its leaf")
            );
        }

        if (leaf.EventId is not { } id)
        {
            Unmatched(idsOfLeaves, leaf.Id, leaf.Position);
            return;
        }

        if (leaf.Id is { } was && id != was)
        {
            Unmatched(idsOfLeaves, was, leaf.Position);
            Unmatched(idsOfEvents, id, leaf.Position);
        }

        if (leaf.Differences.Count > 0)
        {
            flaws.Add(new Flaw(leaf.Position, "altered", string.Join("; ", leaf.Differences)));
        }
    }

    private void Unmatched(Dictionary<Guid, long> among, Guid? id, long position)
    {
        if (id is not { } known || !among.TryAdd(known, position))
        {
            flaws.Add(new Flaw(position, "altered", "its leaf names no event, or one that others name, too"));
        }
    }

    private void Insert(IEnumerable<LoggedEvent> events)
    {
        // A tombstone says nothing, and may come after the log has passed its position.
        foreach (var e in events.Where(e => e.Type != MartenTables.Tombstone))
        {
            Unmatched(idsOfEvents, e.Id, e.Position);
        }
    }

    /// <summary>An event without its leaf and a leaf without its event may be the same one, at another place.</summary>
    private void Settle()
    {
        foreach (var (id, position) in idsOfEvents)
        {
            flaws.Add(
                idsOfLeaves.Remove(id, out var was)
                    ? new Flaw(was, "reordered", $"it is at position {position} now")
                    : new Flaw(position, "inserted", "the log has no such event")
            );
        }

        flaws.AddRange(
            idsOfLeaves.Values.Select(position => new Flaw(position, "removed", "the log has it, the forum has not"))
        );
    }

    private async Task CompareTilesAsync(
        IReadOnlyDictionary<(int Level, long Index), byte[]> made,
        CancellationToken cancellation
    )
    {
        var kept = await rows.TilesAsync(made.Keys, cancellation);
        foreach (var (tile, hashes) in made)
        {
            var there = kept.GetValueOrDefault(tile) ?? [];
            var same = hashes.AsSpan().CommonPrefixLength(there);
            if (same < Math.Max(hashes.Length, there.Length))
            {
                flaws.Add(
                    new Flaw(
                        null,
                        "tile",
                        $"{tile.Level}/{Tile.IndexPath(tile.Index)} is another than the leaves give, from hash {same / Tile.HashBytes} on"
                    )
                );
            }
        }
    }
}
