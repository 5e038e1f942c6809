using Marten;

namespace EventForum.Commands;

/// <summary>Loads what the rule of a command looks at, and stores nothing: to say what the command would do.</summary>
public sealed class CommandPreview(
    IDocumentStore store,
    Senders senders,
    IEnumerable<NamedStateSource> sources,
    TimeProvider clock,
    ILogger<CommandPreview> log
)
{
    private readonly NamedStateSource[] sources = [.. sources];

    public async Task<T> RunAsync<T>(RunCommand message, Func<DecisionContext, T> ask)
    {
        var command = new PendingCommand(message, null, clock.GetTimestamp(), null);
        await using var session = store.LightweightSession();
        var run = new CommandRun([command], senders, sources, log);
        await run.LoadAsync(session);
        return ask(run.Context(command));
    }
}
