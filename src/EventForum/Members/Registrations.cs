using System.Threading.RateLimiting;
using EventForum.Commands;
using EventForum.Platform;
using Marten;
using Marten.Services.BatchQuerying;
using Microsoft.Extensions.Options;

namespace EventForum.Members;

/// <summary>
/// Who sends a command becomes a member with the first one that is accepted. How many do from one address is bounded: a
/// first write takes a name for ever.
/// </summary>
public sealed class Registrations(MemberDirectory members, IOptions<RequestLimits> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> byAddress = RequestLimiting.ByAddress(
        limits.Value.Registrations
    );

    /// <summary>Null for a member, and for somebody who may become one.</summary>
    public async Task<Refusal?> RefusalOfAsync(HttpContext http, Caller caller)
    {
        if (await members.FindAsync(caller.Subject, http.RequestAborted) is not null)
        {
            return null;
        }

        using var lease = byAddress.AttemptAcquire(http);
        return lease.IsAcquired
            ? null
            : RequestLimiting.RefusalOf(lease, "Too many have just become members from here. Wait");
    }

    /// <summary>Who the callers are, by subject; null where this process does not know all of them.</summary>
    public IReadOnlyDictionary<string, Sender>? Known(IEnumerable<Caller> callers)
    {
        var senders = new Dictionary<string, Sender>(StringComparer.Ordinal);
        foreach (var caller in callers)
        {
            if (senders.ContainsKey(caller.Subject))
            {
                continue;
            }

            if (members.Find(caller.Subject) is not { } known)
            {
                return null;
            }

            senders.Add(caller.Subject, new Sender(known.Id, known.Name));
        }

        return senders;
    }

    /// <summary>Who the callers are, by subject. The query is asked only for those that this process does not know.</summary>
    public async Task<IReadOnlyDictionary<string, Sender>> FindAsync(IBatchedQuery batch, IEnumerable<Caller> callers)
    {
        var senders = new Dictionary<string, Sender>(StringComparer.Ordinal);
        var strangers = new Dictionary<string, Caller>(StringComparer.Ordinal);
        foreach (var caller in callers)
        {
            if (senders.ContainsKey(caller.Subject) || strangers.ContainsKey(caller.Subject))
            {
                continue;
            }

            if (members.Find(caller.Subject) is { } known)
            {
                senders.Add(caller.Subject, new Sender(known.Id, known.Name));
            }
            else
            {
                strangers.Add(caller.Subject, caller);
            }
        }

        if (strangers.Count > 0)
        {
            var subjects = strangers.Keys.ToArray();
            var keys = strangers.Values.Select(caller => MemberName.Key(caller.Name)).ToArray();
            var found = await batch
                .Query<Member>()
                .Where(m => m.Subject.IsOneOf(subjects) || m.NameKey.IsOneOf(keys))
                .ToList();
            foreach (var (subject, caller) in strangers)
            {
                senders.Add(subject, SenderOf(caller, found));
            }
        }

        return senders;
    }

    public void Remember(string subject, Sender sender) => members.Learn(subject, sender.Id, sender.Name);

    public void Dispose() => byAddress.Dispose();

    internal Sender SenderOf(Caller caller, IReadOnlyList<Member> found)
    {
        if (found.FirstOrDefault(m => m.Subject == caller.Subject) is { } member)
        {
            members.Learn(member.Subject, member.Id, member.Name);
            return new Sender(member.Id, member.Name);
        }

        var name = caller.Name.Trim();
        var key = MemberName.Key(name);
        var taken = MemberName.Taken(name);
        return new Sender(
            Guid.CreateVersion7(),
            name,
            new Registration(Member.Kind, new MemberRegistered(caller.Subject, name), key, taken),
            MemberName.RefusalOf(caller.Name) ?? (found.Any(m => m.NameKey == key) ? taken : null)
        );
    }
}
