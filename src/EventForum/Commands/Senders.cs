using EventForum.Platform;
using Marten;
using Marten.Services.BatchQuerying;

namespace EventForum.Commands;

/// <summary>How the senders of commands become members. The members' module registers it.</summary>
/// <param name="RefusalOfAsync">Why somebody may not become a member from there just now; null for members.</param>
/// <param name="FindAsync">Who the callers of a batch are, by their subjects; it asks with the batch's query.</param>
public sealed record Senders(
    Func<HttpContext, Caller, Task<Refusal?>> RefusalOfAsync,
    Func<IBatchedQuery, IEnumerable<Caller>, Task<IReadOnlyDictionary<string, Sender>>> FindAsync
);

/// <summary>Who sends a command.</summary>
/// <param name="Id">The member's id.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Registration">For somebody who is no member yet: becomes one with the first command that is accepted.</param>
/// <param name="Refusal">Why somebody cannot become a member.</param>
public sealed record Sender(Guid Id, string Name, Registration? Registration = null, Refusal? Refusal = null);

/// <param name="Kind">What a member is.</param>
/// <param name="Event">The first event of the member's stream.</param>
/// <param name="UniqueKeys">What no two members have in common.</param>
/// <param name="Taken">The answer to the second.</param>
/// <param name="Claim">Has the save fail if somebody has just taken one of them.</param>
/// <param name="Stored">Takes note of the member, once it is stored.</param>
public sealed record Registration(
    AggregateKind Kind,
    object Event,
    IReadOnlySet<string> UniqueKeys,
    Refusal Taken,
    Action<IDocumentOperations> Claim,
    Action Stored
);
