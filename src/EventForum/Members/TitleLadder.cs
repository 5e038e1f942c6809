namespace EventForum.Members;

/// <summary>The title that a member has by the number of posts. A title granted by an admin wins over it.</summary>
public sealed class TitleLadder
{
    /// <summary>The rungs: a member has the title of the highest one at or below the number of posts.</summary>
    public IReadOnlyList<TitleRung> Rungs { get; set; } = [];

    public static IReadOnlyList<TitleRung> Default { get; } =
    [new(0, "New member"), new(5, "Member"), new(25, "Active member"), new(100, "Well-known member")];

    /// <summary>How many posts each rung takes.</summary>
    public IEnumerable<int> Heights => Used.Select(rung => rung.Posts);

    private IReadOnlyList<TitleRung> Used => Rungs.Count == 0 ? Default : Rungs;

    public string TitleOf(int posts, string? granted) =>
        granted ?? Used.Where(rung => rung.Posts <= posts).MaxBy(rung => rung.Posts)?.Title ?? "";
}

/// <param name="Posts">The least number of posts.</param>
/// <param name="Title">What such a member is called.</param>
public sealed record TitleRung(int Posts, string Title);
