using System.Text;
using CsCheck;
using EventForum.Transparency;

namespace EventForum.Tests.Transparency;

public sealed class MerkleTreeTests
{
    private const int Largest = 600;

    private static readonly byte[][] Leaves =
    [
        .. Enumerable.Range(0, Largest).Select(i => MerkleTree.Leaf(Encoding.UTF8.GetBytes($"entry {i}"))),
    ];

    /// <summary>MTH as RFC 6962 defines it.</summary>
    private static byte[] Naive(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length <= 1)
        {
            return leaves.Length == 0 ? MerkleTree.EmptyRoot : leaves[0];
        }

        var middle = 1;
        while (middle * 2 < leaves.Length)
        {
            middle *= 2;
        }

        return MerkleTree.Node(Naive(leaves[..middle]), Naive(leaves[middle..]));
    }

    /// <summary>What tiles would give.</summary>
    private static Task<byte[]> SubtreeAsync(int level, long index) =>
        Task.FromResult(Naive(Leaves.AsSpan((int)(index << level), 1 << level)));

    [Fact]
    public async Task trees_of_all_sizes_are_those_of_the_definition()
    {
        var edge = new TreeEdge(0, new Dictionary<int, byte[]>());
        for (var size = 0; size <= Largest; size++)
        {
            var root = Naive(Leaves.AsSpan(0, size));
            edge.Root().ShouldBe(root);
            (await MerkleTree.RootAsync(0, size, SubtreeAsync)).ShouldBe(root);
            if (size < Largest)
            {
                edge.Add(Leaves[size]);
            }
        }
    }

    [Fact]
    public void a_tree_that_is_taken_up_from_its_tiles_grows_as_one_that_never_rested()
    {
        var tiles = new Dictionary<(int Level, long Index), byte[]>();
        var edge = new TreeEdge(0, new Dictionary<int, byte[]>());
        // 70,000 leaves fill tiles of the second level.
        for (var i = 0; i < 70_000; i++)
        {
            edge.Add(Leaves[i % Largest]);
            if (i % 997 == 0)
            {
                Keep(edge);
                edge = new TreeEdge(
                    edge.Size,
                    TreeEdge
                        .Partial(edge.Size)
                        .ToDictionary(tile => tile.Level, tile => tiles[(tile.Level, tile.Index)])
                );
            }
        }

        Keep(edge);
        var whole = new TreeEdge(0, new Dictionary<int, byte[]>());
        for (var i = 0; i < 70_000; i++)
        {
            whole.Add(Leaves[i % Largest]);
        }

        edge.Root().ShouldBe(whole.Root());
        var written = whole.Written();
        written.Keys.ShouldBe(tiles.Keys, ignoreOrder: true);
        foreach (var (tile, hashes) in written)
        {
            hashes.ShouldBe(tiles[tile]);
        }

        written.Keys.Max(tile => tile.Level).ShouldBe(2);

        void Keep(TreeEdge from)
        {
            foreach (var (tile, hashes) in from.Written())
            {
                tiles[tile] = hashes;
            }
        }
    }

    [Fact]
    public Task every_leaf_has_a_proof_that_is_for_it_alone() =>
        Gen.Int[1, Largest]
            .SelectMany(size => Gen.Int[0, size - 1].Select(index => (size, index)))
            .SampleAsync(
                async tree =>
                {
                    var root = Naive(Leaves.AsSpan(0, tree.size));
                    var path = await MerkleTree.InclusionAsync(tree.index, tree.size, SubtreeAsync);
                    MerkleTree.Includes(root, tree.size, Leaves[tree.index], tree.index, path).ShouldBeTrue();
                    MerkleTree
                        .Includes(root, tree.size, Leaves[(tree.index + 1) % Largest], tree.index, path)
                        .ShouldBeFalse();
                    MerkleTree
                        .Includes(root, tree.size, Leaves[tree.index], tree.index, [.. path, root])
                        .ShouldBeFalse();
                    for (var i = 0; i < path.Count; i++)
                    {
                        MerkleTree
                            .Includes(
                                root,
                                tree.size,
                                Leaves[tree.index],
                                tree.index,
                                [.. path.Where((_, at) => at != i)]
                            )
                            .ShouldBeFalse();
                    }
                },
                iter: 300
            );

    [Fact]
    public Task every_tree_begins_with_all_earlier_ones_and_no_other() =>
        Gen.Int[1, Largest]
            .SelectMany(size => Gen.Int[0, size].Select(earlier => (size, earlier)))
            .SampleAsync(
                async tree =>
                {
                    var root = Naive(Leaves.AsSpan(0, tree.size));
                    var before = Naive(Leaves.AsSpan(0, tree.earlier));
                    var proof = await MerkleTree.ConsistencyAsync(tree.earlier, tree.size, SubtreeAsync);
                    MerkleTree.Extends(root, tree.size, before, tree.earlier, proof).ShouldBeTrue();
                    MerkleTree
                        .Extends(root, tree.size, Leaves[7], tree.earlier, proof)
                        .ShouldBe(before.AsSpan().SequenceEqual(Leaves[7]));
                    if (tree.earlier > 0 && tree.earlier < tree.size)
                    {
                        MerkleTree.Extends(Leaves[7], tree.size, before, tree.earlier, proof).ShouldBeFalse();
                        MerkleTree.Extends(root, tree.size, before, tree.earlier, [.. proof.Skip(1)]).ShouldBeFalse();
                    }
                },
                iter: 300
            );

    /// <summary>The tree of Certificate Transparency's own tests.</summary>
    [Fact]
    public void known_trees_have_their_known_roots()
    {
        byte[][] entries =
        [
            [],
            [0x00],
            [0x10],
            [0x20, 0x21],
            [0x30, 0x31],
            [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [.. Enumerable.Range(0x60, 16).Select(i => (byte)i)],
        ];
        string[] roots =
        [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        var edge = new TreeEdge(0, new Dictionary<int, byte[]>());
        for (var size = 0; size <= entries.Length; size++)
        {
            Convert.ToHexStringLower(edge.Root()).ShouldBe(roots[size]);
            if (size < entries.Length)
            {
                edge.Add(MerkleTree.Leaf(entries[size]));
            }
        }
    }
}
