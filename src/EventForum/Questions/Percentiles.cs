namespace EventForum.Questions;

/// <summary>What questions work out of numbers.</summary>
public static class Percentiles
{
    /// <summary>
    /// The value below which that share of the numbers lies, between the nearest two where it falls between them, as
    /// PostgreSQL's <c>percentile_cont</c> has it; null where there are none.
    /// </summary>
    /// <param name="values">The numbers, in any order.</param>
    /// <param name="percent">0 to 100; 50 is the median.</param>
    public static double? Percentile(this IEnumerable<double> values, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
        {
            return null;
        }

        var at = (sorted.Count - 1) * percent / 100;
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }

    /// <summary>The number in the middle; null where there are none.</summary>
    public static double? Median(this IEnumerable<double> values) => values.Percentile(50);
}
