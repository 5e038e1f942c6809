namespace EventForum.Tests.Threads.Quoting;

internal static class HangGuard
{
    /// <summary>Not a measure of speed: what blows up with the length of its input would not end within the hour.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static void Finishes(Action action) =>
        Task.Run(action).Wait(Patience).ShouldBeTrue("It should end, however hostile its input is.");
}
