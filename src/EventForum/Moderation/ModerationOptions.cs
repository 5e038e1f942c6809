using Microsoft.Extensions.Options;

namespace EventForum.Moderation;

/// <summary>What moderation does by itself; the section <c>Moderation</c>.</summary>
public sealed class ModerationOptions
{
    /// <summary>The points of warnings at which a member is suspended; none by default.</summary>
    public IList<PointThreshold> Thresholds { get; } = [];
}

/// <summary>A number of points, and for how long a member is suspended whom a warning brings to it.</summary>
public sealed class PointThreshold
{
    /// <summary>1 or more, of the warnings that have not expired.</summary>
    public int Points { get; set; }

    /// <summary>Days and time, such as <c>7.00:00:00</c>; null until a moderator lifts it.</summary>
    public TimeSpan? For { get; set; }
}

/// <summary>A server with thresholds that mean nothing does not start.</summary>
internal sealed class ModerationOptionsCheck : IValidateOptions<ModerationOptions>
{
    public ValidateOptionsResult Validate(string? name, ModerationOptions options) =>
        options.Thresholds.All(one =>
            one.Points >= 1 && (one.For is null || (one.For > TimeSpan.Zero && one.For < TimeSpan.FromDays(36500)))
        )
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Moderation:Thresholds takes Points from 1 and For such as 7.00:00:00, up to a hundred years."
            );
}
