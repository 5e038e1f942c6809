using EventForum.Platform;
using Microsoft.Extensions.Configuration;

namespace EventForum.Tests.Platform;

public sealed class LocalTokenTests
{
    [Fact]
    public async Task all_who_start_at_once_sign_with_one_key()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = Directory.CreateTempSubdirectory("eventforum-key-");
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("EVENTFORUM_DATA", folder.FullName)])
                .Build();
            using var start = new Barrier(8);

            var tokens = await Task.WhenAll(
                Enumerable
                    .Range(0, start.ParticipantCount)
                    .Select(_ =>
                        Task.Factory.StartNew(
                            () =>
                            {
                                start.SignalAndWait();
                                return AuthenticationModule.LocalToken(configuration, "Ann", ["member"], new Noon());
                            },
                            TestContext.Current.CancellationToken,
                            TaskCreationOptions.LongRunning,
                            TaskScheduler.Default
                        )
                    )
            );

            tokens.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
            folder.EnumerateFiles().Select(file => file.Name).ShouldBe(["token.key"]);
            folder.Delete(recursive: true);
        }
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
