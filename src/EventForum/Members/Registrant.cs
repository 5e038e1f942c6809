using System.Collections.Frozen;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Members;

/// <summary>Someone whom this process has not seen write before.</summary>
internal sealed class Registrant
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required MemberRegistered Event { get; init; }

    /// <summary>Those of a name that it still has to take.</summary>
    public IReadOnlySet<string> Skeletons { get; init; } = FrozenSet<string>.Empty;
    public bool IsNew { get; init; }
    public bool IsStored { get; set; }
    public Refusal? Refusal { get; init; }

    /// <summary>What of their names is taken, of those who are no members yet.</summary>
    public static async Task<IReadOnlySet<string>> TakenAsync(
        NpgsqlConnection connection,
        IEnumerable<Caller> callers,
        IReadOnlyList<Member> known
    )
    {
        var skeletons = callers
            .Where(caller => known.All(member => member.Subject != caller.Subject))
            .SelectMany(caller => MemberName.Skeletons(caller.Name))
            .ToArray();
        return skeletons.Length == 0 ? FrozenSet<string>.Empty : await NameSkeletons.TakenAsync(connection, skeletons);
    }

    /// <param name="taken">Skeletons of names that members have.</param>
    public static Registrant For(Caller caller, IReadOnlyList<Member> known, IReadOnlySet<string> taken)
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

        var skeletons = MemberName.Skeletons(registered.Name);
        return new Registrant
        {
            Id = Guid.CreateVersion7(),
            Name = registered.Name,
            Event = registered,
            Skeletons = skeletons,
            IsNew = true,
            Refusal =
                MemberName.RefusalOf(caller.Name)
                ?? (taken.Overlaps(skeletons) ? MemberName.Taken(registered.Name) : null),
        };
    }
}
