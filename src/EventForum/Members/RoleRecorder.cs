using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Marten;

namespace EventForum.Members;

/// <summary>
/// Records the roles of a token before they are believed: only so is known later what somebody could see at some time.
/// Who is no member yet becomes one.
/// </summary>
public sealed class RoleRecorder(
    IDocumentStore store,
    Registrations registrations,
    MemberDirectory members,
    CurrentAccessRules rules
)
{
    private const int Attempts = 10;

    public async Task<Refusal?> RecordAsync(HttpContext http, Caller caller, TokenRolesChanged met)
    {
        if (await registrations.RefusalOfAsync(http, caller) is { } refusal)
        {
            return refusal;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RecordOnceAsync(http, caller, met);
            }
            catch (Exception e) when (attempt < Attempts && CommandBatch.IsRace(e))
            {
                // Someone else took the name or recorded the roles: the next attempt sees it.
            }
        }
    }

    private async Task<Refusal?> RecordOnceAsync(HttpContext http, Caller caller, TokenRolesChanged met)
    {
        await using var session = store.LightweightSession();
        session.CorrelationId = Correlation.Of(http);
        session.CausationId = Guid.CreateVersion7().ToString();
        var changes = members.Changes;
        var known = await session
            .Query<Member>()
            .Where(m => m.Subject == caller.Subject)
            .ToListAsync(http.RequestAborted);
        var sender = (await registrations.SendersOfAsync([caller], known, changes))[caller.Subject];
        if (sender.Refusal is not null)
        {
            return sender.Refusal;
        }

        session.LastModifiedBy = sender.Id.ToString();
        if (sender.Registration is { } registration)
        {
            session.Events.StartStream<Member>(sender.Id, registration.Event, met);
            registration.Claim(session);
        }
        else
        {
            var stream = await session.Events.FetchForWriting<Member>(sender.Id, http.RequestAborted);
            if (!RecordedRoles.AreChangedBy(stream.Aggregate!.Roles, met.Roles, met.IssuedAt))
            {
                // Another request of this token, or one with a newer token, was faster.
                rules.Changed();
                return null;
            }

            stream.AppendOne(met);
        }

        await session.SaveChangesAsync(http.RequestAborted);
        rules.Changed();
        return null;
    }
}
