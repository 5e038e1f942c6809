namespace EventForum.Views.Framework;

/// <summary>The section <c>Views</c> of the configuration, as in <c>Views__GraceTime=06:00:00</c>.</summary>
public sealed class ViewOptions
{
    /// <summary>How long a version of a view is kept after a newer one took over: a day.</summary>
    public TimeSpan GraceTime { get; set; } = TimeSpan.FromDays(1);
}
