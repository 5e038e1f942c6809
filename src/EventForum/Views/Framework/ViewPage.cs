using EventForum.Platform;

namespace EventForum.Views.Framework;

/// <summary>A view that has a page: <c>/views/</c> and its name.</summary>
public interface IViewPage : IView
{
    /// <summary>What the page shows to who asks; or why it cannot.</summary>
    Task<(Refusal? Refusal, ViewPage? Page)> DrawAsync(ViewQueries views, HttpContext http);
}

/// <summary>A page of a view: charts and tables one below the other.</summary>
/// <param name="Version">The version that answered.</param>
/// <param name="Position">The position of the last event that is in it; null for who does not see all boards.</param>
public sealed record ViewPage(string Heading, int Version, long? Position, params IReadOnlyList<ViewFigure> Figures)
{
    /// <summary>What asks the API for the same, such as ?by=late; empty without parameters.</summary>
    public string Query { get; init; } = "";
}

/// <summary>A part of a view's page.</summary>
/// <param name="Heading">Above it.</param>
public abstract record ViewFigure(string Heading);

/// <summary>A square a day, a column a week, darker where there was more.</summary>
public sealed record HeatMap(string Heading, IReadOnlyList<(DateOnly Day, int Value)> Days, string Unit)
    : ViewFigure(Heading);

/// <summary>A bar a row.</summary>
/// <param name="Rows">What it stands for, how long it is, and what is written beside it.</param>
public sealed record BarChart(string Heading, IReadOnlyList<(ViewCell Label, double Value, string Text)> Rows)
    : ViewFigure(Heading);

/// <summary>Rows under columns; numbers go to the right.</summary>
public sealed record ViewGrid(
    string Heading,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<ViewCell>> Rows
) : ViewFigure(Heading);

/// <summary>What stands in a place of a table.</summary>
/// <param name="Link">Where it leads; null for nowhere.</param>
/// <param name="IsNumber">Whether it goes to the right.</param>
public sealed record ViewCell(string Text, string? Link = null, bool IsNumber = false)
{
    public static implicit operator ViewCell(string text) => new(text);

    public static implicit operator ViewCell(int number) => Number(number);

    public static ViewCell Number(double number) =>
        new(number.ToString("#,0.#", System.Globalization.CultureInfo.InvariantCulture), IsNumber: true);

    public static ViewCell Time(DateTimeOffset time) =>
        new(time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A span of time in its largest unit: 45 s, 12 min, 3 h, 8 days.</summary>
    public static ViewCell Duration(double? seconds) => new(Span(seconds), IsNumber: true);

    public static string Span(double? seconds) =>
        seconds switch
        {
            null => "–",
            < 120 => FormattableString.Invariant($"{seconds:0} s"),
            < 7_200 => FormattableString.Invariant($"{seconds / 60:0} min"),
            < 172_800 => FormattableString.Invariant($"{seconds / 3_600:0} h"),
            _ => FormattableString.Invariant($"{seconds / 86_400:0} days"),
        };
}
