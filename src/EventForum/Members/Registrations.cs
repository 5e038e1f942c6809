using System.Threading.RateLimiting;
using EventForum.Commands;
using EventForum.Platform;
using Marten;
using Marten.Services.BatchQuerying;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Members;

/// <summary>
/// Who sends a command becomes a member with the first one that is accepted. How many do from one address is bounded: a
/// first write takes a name for ever.
/// </summary>
public sealed class Registrations(NpgsqlDataSource database, MemberDirectory members, IOptions<RequestLimits> limits)
    : IDisposable
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

    /// <summary>Who the callers are, by subject. The query is asked only for those that this process does not know.</summary>
    public async Task<IReadOnlyDictionary<string, Sender>> FindAsync(IBatchedQuery batch, IEnumerable<Caller> callers)
    {
        var changes = members.Changes;
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
            var found = await batch.Query<Member>().Where(m => m.Subject.IsOneOf(subjects)).ToList();
            foreach (var (subject, sender) in await SendersOfAsync(strangers.Values, found, changes))
            {
                senders.Add(subject, sender);
            }
        }

        return senders;
    }

    public void Dispose() => byAddress.Dispose();

    /// <param name="found">Those of the callers who are members.</param>
    /// <param name="changes">Those of the directory before they were looked for.</param>
    internal async Task<IReadOnlyDictionary<string, Sender>> SendersOfAsync(
        IReadOnlyCollection<Caller> callers,
        IReadOnlyList<Member> found,
        int changes
    )
    {
        var known = found.ToDictionary(member => member.Subject, StringComparer.Ordinal);
        // On a connection of its own: the batch's is still being read.
        var taken = await NameSkeletons.TakenAsync(
            database,
            [
                .. callers
                    .Where(caller => !known.ContainsKey(caller.Subject))
                    .SelectMany(caller => MemberName.Skeletons(caller.Name)),
            ]
        );
        var senders = new Dictionary<string, Sender>(StringComparer.Ordinal);
        foreach (var caller in callers)
        {
            if (known.TryGetValue(caller.Subject, out var member))
            {
                if (
                    member.MergedInto is not null
                    && await members.FindAsync(caller.Subject, CancellationToken.None) is { } claimed
                )
                {
                    senders[caller.Subject] = new Sender(claimed.Id, claimed.Name);
                    continue;
                }

                senders[caller.Subject] = new Sender(member.Id, member.Name);
                continue;
            }

            var newcomer = Newcomer(caller, taken, changes);
            // Who has taken the name may be the caller itself, by a command that was stored in between.
            senders[caller.Subject] =
                newcomer.Refusal is not null
                && await members.FindAsync(caller.Subject, CancellationToken.None) is { } meanwhile
                    ? new Sender(meanwhile.Id, meanwhile.Name)
                    : newcomer;
        }

        return senders;
    }

    private Sender Newcomer(Caller caller, IReadOnlySet<string> taken, int changes)
    {
        var name = caller.Name.Trim();
        var skeletons = MemberName.Skeletons(name);
        var refusal = MemberName.Taken(name);
        var id = Guid.CreateVersion7();
        return new Sender(
            id,
            name,
            new Registration(
                Member.Kind,
                new MemberRegistered(caller.Subject, name),
                skeletons,
                refusal,
                operations => NameSkeletons.Take(operations, skeletons),
                () => members.Learn(caller.Subject, new KnownMember(id, name), changes)
            ),
            MemberName.RefusalOf(caller.Name) ?? (taken.Overlaps(skeletons) ? refusal : null)
        );
    }
}
