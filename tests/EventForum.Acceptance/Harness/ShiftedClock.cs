namespace EventForum.Acceptance.Harness;

/// <summary>A clock that goes as fast as any, and can be put back and forward.</summary>
public sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
