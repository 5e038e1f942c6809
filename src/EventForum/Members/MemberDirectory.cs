using EventForum.Access;
using EventForum.Platform;
using Marten;
using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Members;

/// <summary>
/// Which member a token's subject is: the one that was registered with it, or the imported one that this is. It changes
/// only when a member is erased or an account is claimed, so a process may remember it.
/// </summary>
public sealed class MemberDirectory : IDisposable
{
    /// <summary>Bounds how long a claim is not seen that another one, which ended in the same second, hides.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly IDocumentStore store;

    /// <summary>How often that has changed: what was looked up before is not remembered.</summary>
    private int changes;

    public MemberDirectory(IDocumentStore store, CurrentAccessRules rules)
    {
        this.store = store;
        rules.OnForgetting(() => Interlocked.Increment(ref changes));
    }

    /// <summary>What a lookup began with; what it finds is remembered with it.</summary>
    public int Changes => Volatile.Read(ref changes);

    public KnownMember? Find(string subject) =>
        known.TryGetValue(subject, out (KnownMember Member, int Changes) found) && found.Changes == Changes
            ? found.Member
            : null;

    /// <summary>The member behind a request's token, if this process knows it.</summary>
    public KnownMember? Find(HttpContext http) =>
        http.User.Identity is { IsAuthenticated: true } ? Find(Caller.From(http.User).Subject) : null;

    /// <summary>The member behind a request's token, if there is one.</summary>
    public Task<KnownMember?> FindAsync(HttpContext http) =>
        http.User.Identity is { IsAuthenticated: true }
            ? FindAsync(Caller.From(http.User).Subject, http.RequestAborted)
            : Task.FromResult<KnownMember?>(null);

    /// <summary>Also a member that this process has not seen yet.</summary>
    public async Task<KnownMember?> FindAsync(string subject, CancellationToken cancellation)
    {
        if (Find(subject) is { } remembered)
        {
            return remembered;
        }

        var before = Changes;
        await using var session = store.QuerySession();
        if (
            await session.Query<Member>().FirstOrDefaultAsync(m => m.Subject == subject, cancellation) is not { } member
        )
        {
            return null;
        }

        if (
            member.MergedInto is { } id
            && await session.LoadAsync<Member>(id, cancellation) is { } claimed
            && claimed.ClaimedBy == member.Id
        )
        {
            member = claimed;
        }

        var met = new KnownMember(member.Id, member.Name);
        Learn(subject, met, before);
        return met;
    }

    /// <param name="since">The <see cref="Changes"/> of before it was known.</param>
    public void Learn(string subject, KnownMember member, int since) =>
        known.Set(
            subject,
            (member, since),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered }
        );

    public void Dispose() => known.Dispose();
}

public sealed record KnownMember(Guid Id, string Name);
