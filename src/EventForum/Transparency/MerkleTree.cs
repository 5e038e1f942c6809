using System.Numerics;
using System.Security.Cryptography;

namespace EventForum.Transparency;

/// <summary>
/// The Merkle tree of RFC 6962, with its proofs. A subtree is perfect that has 2^level leaves and begins at a multiple of that:
/// it never changes any more, and everything else is made of such ones.
/// </summary>
internal static class MerkleTree
{
    public static byte[] EmptyRoot { get; } = SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        SHA256.HashData([1, .. left, .. right]);

    /// <summary>The perfect subtrees that make up a part of the tree, as level and index, from left to right.</summary>
    /// <param name="from">The part's first leaf: a multiple of its size or more, as the tree divides it.</param>
    public static IEnumerable<(int Level, long Index)> Cover(long from, long to)
    {
        while (from < to)
        {
            var level = BitOperations.Log2((ulong)(to - from));
            yield return (level, from >> level);
            from += 1L << level;
        }
    }

    /// <summary>The root over perfect subtrees, from left to right, each smaller than the one before.</summary>
    public static byte[] Join(IReadOnlyList<byte[]> subtrees)
    {
        if (subtrees.Count == 0)
        {
            return EmptyRoot;
        }

        var root = subtrees[^1];
        for (var i = subtrees.Count - 2; i >= 0; i--)
        {
            root = Node(subtrees[i], root);
        }

        return root;
    }

    /// <summary>The root of a perfect subtree over the hashes below it.</summary>
    public static byte[] Perfect(IReadOnlyList<byte[]> hashes)
    {
        while (hashes.Count > 1)
        {
            hashes = [.. hashes.Chunk(2).Select(pair => Node(pair[0], pair[1]))];
        }

        return hashes[0];
    }

    /// <param name="subtree">The hash of a perfect subtree.</param>
    public static async Task<byte[]> RootAsync(long from, long to, Func<int, long, Task<byte[]>> subtree)
    {
        var parts = new List<byte[]>();
        foreach (var (level, index) in Cover(from, to))
        {
            parts.Add(await subtree(level, index));
        }

        return Join(parts);
    }

    /// <summary>PATH of RFC 6962: what leads from a leaf to the root.</summary>
    public static async Task<IReadOnlyList<byte[]>> InclusionAsync(
        long index,
        long size,
        Func<int, long, Task<byte[]>> subtree
    )
    {
        var path = new List<byte[]>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var middle = from + Split(to - from);
            if (index < middle)
            {
                path.Add(await RootAsync(middle, to, subtree));
                to = middle;
            }
            else
            {
                path.Add(await RootAsync(from, middle, subtree));
                from = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>PROOF of RFC 6962: what shows that a tree begins with an earlier one.</summary>
    public static async Task<IReadOnlyList<byte[]>> ConsistencyAsync(
        long earlier,
        long size,
        Func<int, long, Task<byte[]>> subtree
    )
    {
        if (earlier == 0 || earlier == size)
        {
            return [];
        }

        var proof = new List<byte[]>();
        var (from, to) = (0L, size);
        while (to != earlier)
        {
            var middle = from + Split(to - from);
            if (earlier <= middle)
            {
                proof.Add(await RootAsync(middle, to, subtree));
                to = middle;
            }
            else
            {
                proof.Add(await RootAsync(from, middle, subtree));
                from = middle;
            }
        }

        if (from != 0)
        {
            proof.Add(await RootAsync(from, to, subtree));
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a leaf is in the tree of a root, as RFC 9162, 2.1.3.2 has it.</summary>
    public static bool Includes(byte[] root, long size, byte[] leaf, long index, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (at, last, hash) = (index, size - 1, leaf);
        foreach (var beside in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                hash = Node(beside, hash);
                while ((at & 1) == 0 && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, beside);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether a tree begins with an earlier one, as RFC 9162, 2.1.4.2 has it.</summary>
    public static bool Extends(byte[] root, long size, byte[] earlierRoot, long earlier, IReadOnlyList<byte[]> proof)
    {
        if (earlier == 0 || earlier == size)
        {
            return proof.Count == 0 && earlierRoot.AsSpan().SequenceEqual(earlier == 0 ? EmptyRoot : root);
        }

        if (earlier < 0 || earlier > size)
        {
            return false;
        }

        var hashes = BitOperations.IsPow2(earlier) ? [earlierRoot, .. proof] : proof;
        if (hashes.Count == 0)
        {
            return false;
        }

        var shift = BitOperations.TrailingZeroCount(earlier);
        var (at, last) = ((earlier - 1) >> shift, (size - 1) >> shift);
        var (old, now) = (hashes[0], hashes[0]);
        foreach (var beside in hashes.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                (old, now) = (Node(beside, old), Node(beside, now));
                while ((at & 1) == 0 && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                now = Node(now, beside);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && old.AsSpan().SequenceEqual(earlierRoot) && now.AsSpan().SequenceEqual(root);
    }

    /// <summary>The largest power of two below a number.</summary>
    private static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
