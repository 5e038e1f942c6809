using EventForum.Platform;

namespace EventForum.Members;

/// <summary>Someone whom this process has not seen write before.</summary>
internal sealed class Registrant
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required MemberRegistered Event { get; init; }
    public bool IsNew { get; init; }
    public bool IsStored { get; set; }
    public Refusal? Refusal { get; init; }

    public static Registrant For(Caller caller, IReadOnlyList<Member> known)
    {
        var registered = new MemberRegistered(caller.Subject, caller.Name.Trim());
        if (known.FirstOrDefault(m => m.Subject == caller.Subject) is { } member)
        {
            return new Registrant
            {
                Id = member.Id,
                Name = member.Name,
                Event = registered,
                IsStored = true,
            };
        }

        var key = MemberName.Key(registered.Name);
        return new Registrant
        {
            Id = Guid.CreateVersion7(),
            Name = registered.Name,
            Event = registered,
            IsNew = true,
            Refusal =
                MemberName.RefusalOf(caller.Name)
                ?? (known.Any(m => m.NameKey == key) ? MemberName.Taken(registered.Name) : null),
        };
    }
}
