namespace EventForum.Browser.Harness;

/// <summary>What someone looks at a page with.</summary>
public sealed record Screen(string Name, int Width, int Height, ColorScheme Scheme)
{
    public static readonly Screen Desktop = new("desktop-light", 1280, 900, ColorScheme.Light);

    public static readonly Screen Phone = new("phone-light", 390, 844, ColorScheme.Light);

    public static readonly IReadOnlyList<Screen> All =
    [
        Desktop,
        Desktop with
        {
            Name = "desktop-dark",
            Scheme = ColorScheme.Dark,
        },
        Phone,
        Phone with
        {
            Name = "phone-dark",
            Scheme = ColorScheme.Dark,
        },
    ];

    public ViewportSize Size => new() { Width = Width, Height = Height };
}
