namespace EventForum.Transparency;

/// <summary>The right edge of the tree, where it grows: a tile a level. The cost of a leaf does not depend on the tree's size.</summary>
internal sealed class TreeEdge
{
    private readonly List<List<byte[]>> open = [];
    private readonly Dictionary<(int Level, long Index), byte[]> full = [];

    public TreeEdge(long size, IReadOnlyDictionary<int, byte[]> tiles)
    {
        Size = size;
        foreach (var tile in Partial(size))
        {
            while (open.Count <= tile.Level)
            {
                open.Add([]);
            }

            if (!tiles.TryGetValue(tile.Level, out var hashes) || hashes.Length < tile.Width * Tile.HashBytes)
            {
                throw new InvalidOperationException(
                    $"The tile {tile.Level}/{tile.Index} of the log lacks hashes. `audit verify` says what else is wrong."
                );
            }

            open[tile.Level].AddRange(hashes.Chunk(Tile.HashBytes).Take(tile.Width));
        }
    }

    public long Size { get; private set; }

    /// <summary>The tiles that are not full, of a tree of a size.</summary>
    public static IEnumerable<Tile> Partial(long size)
    {
        for (var (level, count) = (0, size); count > 0; level++, count /= Tile.Full)
        {
            if (count % Tile.Full > 0)
            {
                yield return new Tile(level, count / Tile.Full, (int)(count % Tile.Full));
            }
        }
    }

    public void Add(byte[] leafHash)
    {
        Add(0, Size, leafHash);
        Size++;
    }

    /// <summary>The tiles that have changed, with all their hashes.</summary>
    public IReadOnlyDictionary<(int Level, long Index), byte[]> Written()
    {
        var tiles = TakeFull();
        foreach (var tile in Partial(Size))
        {
            tiles[(tile.Level, tile.Index)] = [.. open[tile.Level].SelectMany(hash => hash)];
        }

        return tiles;
    }

    /// <summary>The tiles that have become full since they were taken last.</summary>
    public Dictionary<(int Level, long Index), byte[]> TakeFull()
    {
        var tiles = new Dictionary<(int Level, long Index), byte[]>(full);
        full.Clear();
        return tiles;
    }

    public byte[] Root()
    {
        var subtrees = new List<byte[]>();
        for (var level = open.Count - 1; level >= 0; level--)
        {
            var hashes = open[level];
            subtrees.AddRange(
                MerkleTree
                    .Cover(0, hashes.Count)
                    .Select(part =>
                        MerkleTree.Perfect(hashes.GetRange((int)(part.Index << part.Level), 1 << part.Level))
                    )
            );
        }

        return MerkleTree.Join(subtrees);
    }

    private void Add(int level, long index, byte[] hash)
    {
        if (open.Count == level)
        {
            open.Add([]);
        }

        var tile = open[level];
        tile.Add(hash);
        if (tile.Count == Tile.Full)
        {
            full[(level, index / Tile.Full)] = [.. tile.SelectMany(one => one)];
            Add(level + 1, index / Tile.Full, MerkleTree.Perfect(tile));
            tile.Clear();
        }
    }
}
