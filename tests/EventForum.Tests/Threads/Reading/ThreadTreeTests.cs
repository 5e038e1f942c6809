using CsCheck;
using EventForum.Threads.Reading;

namespace EventForum.Tests.Threads.Reading;

public sealed class ThreadTreeTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7())];

    /// <summary>Threads in which posts answer earlier ones, later ones, themselves, and some that are not there.</summary>
    private static readonly Gen<TreePost[]> AThread = Gen.Int[-1, Ids.Length - 1]
        .Array[0, 30]
        .Select(parents =>
            parents.Select((parent, i) => new TreePost(Ids[i], i + 1, parent < 0 ? null : Ids[parent])).ToArray()
        );

    [Fact]
    public void each_post_stands_before_those_that_answer_it()
    {
        var tree = Of(null, 1, null, 2, 1, 3, 2);

        tree.ShouldBe([(1, 0), (2, 1), (4, 2), (7, 2), (5, 1), (3, 0), (6, 1)]);
    }

    [Fact]
    public void what_answers_a_post_that_is_elsewhere_answers_nothing_here() => Of(null, 40).ShouldBe([(1, 0), (2, 0)]);

    [Fact]
    public void what_answers_a_later_post_stands_below_it() => Of(2, null).ShouldBe([(2, 0), (1, 1)]);

    [Fact]
    public void posts_that_answer_each_other_in_a_circle_begin_with_the_first() =>
        Of(null, 4, 2, 3, 3).ShouldBe([(1, 0), (2, 0), (3, 1), (4, 2), (5, 2)]);

    [Fact]
    public void the_order_is_that_of_a_plain_walk() =>
        AThread.Sample(posts =>
            ThreadTree.Of(posts).Select(place => (place.PostId, place.Depth)).SequenceEqual(Walk(posts))
        );

    [Fact]
    public void a_long_chain_of_answers_is_no_deep_recursion()
    {
        var ids = Enumerable.Range(0, 100_000).Select(_ => Guid.CreateVersion7()).ToArray();
        var tree = ThreadTree.Of([.. ids.Select((id, i) => new TreePost(id, i + 1, i == 0 ? null : ids[i - 1]))]);

        tree[^1].ShouldBe(new TreePlace(ids[^1], ids.Length - 1));
    }

    /// <summary>The same, slowly: a post is a root where going up from it comes to nothing, or to itself as the first of its circle.</summary>
    private static List<(Guid, int)> Walk(TreePost[] posts)
    {
        var walk = new List<(Guid, int)>();
        foreach (var root in posts.Where(IsRoot))
        {
            Add(root, 0);
        }

        return walk;

        TreePost? Parent(TreePost post) =>
            posts.Where(other => other.Id == post.ParentId).Select(other => (TreePost?)other).FirstOrDefault();

        bool IsRoot(TreePost post)
        {
            var circle = new List<TreePost>();
            for (var at = Parent(post); at is { } other; at = Parent(other))
            {
                circle.Add(other);
                if (other == post)
                {
                    return circle.Min(one => one.Number) == post.Number;
                }

                if (circle.Count > posts.Length)
                {
                    return false;
                }
            }

            return circle.Count == 0;
        }

        void Add(TreePost post, int depth)
        {
            walk.Add((post.Id, depth));
            foreach (var answer in posts.Where(other => other.ParentId == post.Id && !IsRoot(other)))
            {
                Add(answer, depth + 1);
            }
        }
    }

    /// <param name="parents">Of each post the number of the one that it answers.</param>
    private static IEnumerable<(int Number, int Depth)> Of(params int?[] parents) =>
        ThreadTree
            .Of([.. parents.Select((parent, i) => new TreePost(Ids[i], i + 1, parent is { } n ? Ids[n - 1] : null))])
            .Select(place => (Array.IndexOf(Ids, place.PostId) + 1, place.Depth));
}
