using EventForum.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

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

            var key = new SymmetricSecurityKey(File.ReadAllBytes(Path.Combine(folder.FullName, "token.key")));
            foreach (var token in tokens)
            {
                (await new JsonWebTokenHandler().ValidateTokenAsync(token, SignedWith(key))).IsValid.ShouldBeTrue();
            }

            folder.EnumerateFiles().Select(file => file.Name).ShouldBe(["token.key"]);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void a_token_lasts_thirty_days_unless_it_is_asked_for_otherwise()
    {
        var folder = Directory.CreateTempSubdirectory("eventforum-key-");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("EVENTFORUM_DATA", folder.FullName)])
            .Build();

        var usual = new JsonWebToken(AuthenticationModule.LocalToken(configuration, "Ann", [], new Noon()));
        var brief = new JsonWebToken(
            AuthenticationModule.LocalToken(configuration, "Ann", [], new Noon(), TimeSpan.FromDays(1))
        );

        (usual.ValidTo - usual.IssuedAt).ShouldBe(TimeSpan.FromDays(30));
        (brief.ValidTo - brief.IssuedAt).ShouldBe(TimeSpan.FromDays(1));
        usual.Id.ShouldNotBe(brief.Id, StringComparer.Ordinal, "each has an id of its own, by which it can be revoked");
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Production", null, null, null, false)]
    [InlineData("Production", null, null, "true", true)]
    [InlineData("Production", "https://id.example", "forum", null, true)]
    [InlineData("Production", "https://id.example", null, null, false)]
    [InlineData("Staging", null, null, null, false)]
    [InlineData("Development", null, null, null, true)]
    [InlineData("Development", null, null, "false", false)]
    public void a_server_that_nobody_could_sign_in_to_does_not_start(
        string environment,
        string? authority,
        string? audience,
        string? localTokens,
        bool starts
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Authentication:Authority", authority),
                new("Authentication:Audience", audience),
                new("Authentication:LocalTokens", localTokens),
            ])
            .Build();

        var reason = TokenOptions
            .Of(configuration)
            .ReasonNotToServe(new HostingEnvironment { EnvironmentName = environment });

        (reason is null).ShouldBe(starts, reason);
    }

    private static TokenValidationParameters SignedWith(SecurityKey key) =>
        new()
        {
            IssuerSigningKey = key,
            ValidIssuer = AuthenticationModule.LocalIssuer,
            ValidAudience = AuthenticationModule.LocalIssuer,
            ValidateLifetime = false,
        };

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
