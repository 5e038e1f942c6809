using System.Security.Cryptography;
using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventForum.Members;

/// <summary>
/// Runs the commands that need no writer, such as opening a board: in one transaction with the sender's registration
/// and the answer that a retry will get.
/// </summary>
public sealed class MemberCommands(IDocumentStore store, Registrations registrations)
{
    /// <summary>Decides and appends; a refusal appends nothing.</summary>
    public delegate Task<(Refusal? Refusal, StreamAction? Stream)> Rule(IDocumentSession session, Guid actorId);

    public async Task<IResult> RunAsync<T>(
        HttpContext http,
        T request,
        int status,
        Func<GivenAnswer, object> answer,
        Rule rule
    )
    {
        var caller = Caller.From(http.User);
        var key = http.Request.Headers[IdempotencyKey.Header].FirstOrDefault();
        if (
            (
                IdempotencyKey.RefusalOf(key)
                ?? MemberName.RefusalOf(caller.Name)
                ?? await registrations.RefusalOfAsync(http, caller)
            ) is
            { } refusal
        )
        {
            return new Problem(refusal);
        }

        using var span = Telemetry.Source.StartActivity($"command {typeof(T).Name}");
        var answerId = GivenAnswer.IdFor(caller, key);
        var fingerprint = Convert.ToHexString(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(
                    new { Path = http.Request.Path.Value, request },
                    JsonSerializerOptions.Web
                )
            )
        );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync();
            }
            catch (Exception e) when (attempt < 10 && IsRace(e))
            {
                // Someone else took the key, the name or the stream's next version: the next attempt sees it.
            }
        }

        async Task<IResult> RunOnceAsync()
        {
            await using var session = store.LightweightSession();
            if (await GivenAsync(session) is { } given)
            {
                return given;
            }

            var (taken, actorId) = await RegisterAsync(session, caller);
            if (taken is not null)
            {
                return new Problem(taken);
            }

            session.LastModifiedBy = actorId.ToString();
            session.CorrelationId = Correlation.Of(http);
            session.CausationId = Guid.CreateVersion7().ToString();
            var (refused, stream) = await rule(session, actorId);
            if (refused is not null || stream is null)
            {
                // The rule may have seen what this very command did, sent twice at the same time.
                return await GivenAsync(session)
                    ?? new Problem(refused ?? throw new InvalidOperationException("A rule appends or refuses."));
            }

            var receipt = new Receipt(
                Version: stream.ExpectedVersionOnServer.GetValueOrDefault() + stream.Events.Count
            );
            var kept = new GivenAnswer(answerId ?? "", fingerprint, stream.Id, receipt);
            if (answerId is not null)
            {
                session.Insert(kept);
            }

            foreach (var e in session.PendingChanges.Streams().SelectMany(changed => changed.Events))
            {
                e.KeepSpan(span);
            }

            await session.SaveChangesAsync();
            return await AnswerAsync(session, kept);
        }

        async Task<IResult?> GivenAsync(IDocumentSession session) =>
            answerId is null || await session.LoadAsync<GivenAnswer>(answerId) is not { } given ? null
            : given.Request == fingerprint ? await AnswerAsync(session, given)
            : new Problem(IdempotencyKey.ReusedForAnother);

        async Task<IResult> AnswerAsync(IDocumentSession session, GivenAnswer given)
        {
            var version = given.Receipt.Version;
            var last = await session.Events.FetchStreamAsync(given.StreamId, version, fromVersion: version);
            return TypedResults.Json(
                answer(given with { Receipt = given.Receipt with { Position = last[^1].Sequence } }),
                statusCode: status
            );
        }
    }

    private static async Task<(Refusal? Refusal, Guid ActorId)> RegisterAsync(IDocumentSession session, Caller caller)
    {
        var nameKey = MemberName.Key(caller.Name);
        var known = await session
            .Query<Member>()
            .Where(member => member.Subject == caller.Subject || member.NameKey == nameKey)
            .ToListAsync();
        if (known.FirstOrDefault(member => member.Subject == caller.Subject) is { } me)
        {
            return (null, me.Id);
        }

        if (known.Count > 0)
        {
            return (MemberName.Taken(caller.Name), default);
        }

        var id = Guid.CreateVersion7();
        session.Events.StartStream<Member>(id, new MemberRegistered(caller.Subject, caller.Name.Trim()));
        return (null, id);
    }

    private static bool IsRace(Exception? e) =>
        e switch
        {
            null => false,
            ConcurrencyException or DocumentAlreadyExistsException => true,
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
            _ => IsRace(e.InnerException),
        };
}
