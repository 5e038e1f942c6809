using System.Globalization;

namespace EventForum.Acceptance.Transparency;

/// <summary>How much is tampered with, and what was found: a line a kind, in the test's output. <c>EVENTFORUM_TAMPERINGS</c> says how much.</summary>
internal sealed class Tamperings
{
    private readonly SortedDictionary<string, (int Tried, int Found, int Located)> kinds = new(StringComparer.Ordinal);

    private static readonly int? Asked = Environment.GetEnvironmentVariable("EVENTFORUM_TAMPERINGS")
        is { Length: > 0 } times
        ? int.Parse(times, CultureInfo.InvariantCulture)
        : null;

    /// <summary>How many tamperings of a kind: so many of a thousand of those that are asked for, or as usually.</summary>
    public static int Of(int thousandths, int usually) => Asked * thousandths / 1000 ?? usually;

    /// <summary>How often what nobody touched is compared.</summary>
    public static int Untouched => Asked is { } asked ? Math.Max(4, asked / 5) : 4;

    public void Count(string kind, bool isFound, bool isLocated)
    {
        var (tried, found, located) = kinds.GetValueOrDefault(kind);
        kinds[kind] = (tried + 1, found + (isFound ? 1 : 0), located + (isLocated ? 1 : 0));
    }

    public void ShouldAllBeLocated()
    {
        foreach (var (kind, (tried, found, located)) in kinds)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {tried} tried, {found} found, {located} located");
            (found, located).ShouldBe((tried, tried), kind);
        }
    }
}
