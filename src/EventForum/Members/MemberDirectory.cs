using Microsoft.Extensions.Caching.Memory;

namespace EventForum.Members;

/// <summary>
/// Which member a token's subject is. It never changes once it is stored, so a process may remember it.
/// </summary>
public sealed class MemberDirectory : IDisposable
{
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public KnownMember? Find(string subject) => known.Get<KnownMember>(subject);

    public void Learn(string subject, Guid id, string name) =>
        known.Set(subject, new KnownMember(id, name), new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => known.Dispose();
}

public sealed record KnownMember(Guid Id, string Name);
