using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace EventForum.Threads.Reading;

/// <summary>In which order a thread's posts are read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PostOrder>))]
public enum PostOrder
{
    /// <summary>By their numbers.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary>Each post before those that answer it, and these before the next one that answers the same.</summary>
    [JsonStringEnumMemberName("tree")]
    Tree,
}

/// <summary>A post of a thread and what it answers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreePost(Guid Id, int Number, Guid? ParentId);

/// <summary>A post's place among the answers.</summary>
/// <param name="Depth">How many posts it answers one through the other; 0 where it answers none of the thread.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreePlace(Guid PostId, int Depth);

/// <summary>Puts a thread's posts in the order of its answers. Pure.</summary>
internal static class ThreadTree
{
    /// <summary>Posts that answer the same, and those that answer nothing here, stand by their numbers.</summary>
    /// <param name="posts">By their numbers.</param>
    public static TreePlace[] Of(IReadOnlyList<TreePost> posts)
    {
        var parents = Parents(posts);
        // Of each post its first answer, and the one that follows it among the answers to the same; the last are those to nothing.
        var none = posts.Count;
        var (first, next) = (new int[posts.Count + 1], new int[posts.Count]);
        Array.Fill(first, -1);
        for (var i = posts.Count - 1; i >= 0; i--)
        {
            var parent = parents[i] < 0 ? none : parents[i];
            (next[i], first[parent]) = (first[parent], i);
        }

        var places = new TreePlace[posts.Count];
        var waiting = new Stack<(int Post, int Depth)>();
        waiting.Push((first[none], 0));
        for (var count = 0; waiting.TryPop(out var top); )
        {
            if (top.Post >= 0)
            {
                places[count++] = new TreePlace(posts[top.Post].Id, top.Depth);
                waiting.Push((next[top.Post], top.Depth));
                waiting.Push((first[top.Post], top.Depth + 1));
            }
        }

        return places;
    }

    /// <summary>
    /// Where each post's parent stands; -1 for one that is not here. Clocks of an import may be so wrong that posts answer each
    /// other in a circle: the first of them answers nothing then.
    /// </summary>
    private static int[] Parents(IReadOnlyList<TreePost> posts)
    {
        var places = new Dictionary<Guid, int>(posts.Count);
        for (var i = 0; i < posts.Count; i++)
        {
            places[posts[i].Id] = i;
        }

        var parents = posts.Select(post => post.ParentId is { } id ? places.GetValueOrDefault(id, -1) : -1).ToArray();
        var walks = new int[posts.Count];
        for (var i = 0; i < posts.Count; i++)
        {
            var at = i;
            while (at >= 0 && walks[at] == 0)
            {
                walks[at] = i + 1;
                at = parents[at];
            }

            if (at >= 0 && walks[at] == i + 1)
            {
                var lowest = at;
                for (var other = parents[at]; other != at; other = parents[other])
                {
                    lowest = Math.Min(lowest, other);
                }

                parents[lowest] = -1;
            }
        }

        return parents;
    }
}
