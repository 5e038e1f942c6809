using JasperFx.Events.Daemon.HighWater;

namespace EventForum.Transparency;

/// <summary>Tells Marten's daemon that all events of a copy are settled: nobody appends to it.</summary>
internal sealed class EverythingSettled(Uri database, long newest, TimeProvider clock) : IHighWaterDetector
{
    public Uri DatabaseUri { get; } = database;

    public Task<HighWaterStatistics> Detect(CancellationToken token) =>
        Task.FromResult(
            new HighWaterStatistics
            {
                LastMark = newest,
                CurrentMark = newest,
                HighestSequence = newest,
                SafeStartMark = newest,
                LastUpdated = clock.GetUtcNow(),
                Timestamp = clock.GetUtcNow(),
            }
        );

    public Task<HighWaterStatistics> DetectInSafeZone(CancellationToken token) => Detect(token);
}
