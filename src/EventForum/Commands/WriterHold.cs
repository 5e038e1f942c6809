namespace EventForum.Commands;

/// <summary>A writer's rest, during which its streams are another's to write to.</summary>
internal sealed class WriterHold
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => begun.Task;

    public void End() => ended.TrySetResult();

    public Task KeepAsync()
    {
        begun.TrySetResult();
        return ended.Task;
    }
}
