namespace EventForum.Acceptance.Harness;

/// <summary>How long a test waits for what must come: longer than any machine takes, so that only a hang ends it.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static CancellationTokenSource Begin() => new(Limit);
}
