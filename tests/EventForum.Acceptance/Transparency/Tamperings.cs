using System.Globalization;

namespace EventForum.Acceptance.Transparency;

/// <summary>How much is tampered with, and what was found: a line a kind, in the test's output.</summary>
internal sealed class Tamperings
{
    private readonly SortedDictionary<string, (int Tried, int Found, int Located)> kinds = new(StringComparer.Ordinal);

    /// <summary>How many times: so many, or ten times as many where <c>EVENTFORUM_TAMPERINGS</c> is 10.</summary>
    public static int Of(int usually) =>
        usually
        * (
            Environment.GetEnvironmentVariable("EVENTFORUM_TAMPERINGS") is { Length: > 0 } times
                ? int.Parse(times, CultureInfo.InvariantCulture)
                : 1
        );

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
