using EventForum.Platform;

namespace EventForum.Commands;

/// <summary>
/// What is worked out for a command before it comes to its writer, in its sender's own task: a writer's time is everybody's.
/// A feature's module registers it; its rule finds the result as <see cref="DecisionContext.Prepared{T}"/>.
/// </summary>
/// <param name="PrepareAsync">Gives the result, null for a command that needs none; or why it cannot be had now.</param>
/// <param name="Stale">The refusal of a rule that finds the result outdated: it is worked out again then.</param>
public sealed record CommandPreparation(
    Func<RunCommand, CancellationToken, Task<(object? Prepared, Refusal? Refusal)>> PrepareAsync,
    Refusal Stale
);
