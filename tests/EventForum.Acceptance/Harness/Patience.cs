namespace EventForum.Acceptance.Harness;

/// <summary>How long a test waits for what must come: longer than any machine takes, so that only a hang ends it.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static CancellationTokenSource Begin() => new(Limit);

    /// <summary>Looks again and again until it is so: for what nothing tells of.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = Begin();
        while (!await isSo())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
