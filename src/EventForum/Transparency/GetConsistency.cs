using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Transparency;

/// <summary>
/// That the log of a size begins with the log of an earlier size, as RFC 6962, 2.1.2 has it: nothing in it was changed or taken out in
/// between. Verify it with the roots of two checkpoints, of which the earlier one was kept elsewhere.
/// </summary>
/// <param name="From">How many leaves the earlier tree had.</param>
/// <param name="To">How many leaves the later tree has.</param>
/// <param name="Hashes">The proof, in base64: empty where the sizes are equal, or the earlier one is 0.</param>
/// <param name="Checkpoint">The last checkpoint, where it is the one of the later tree; else null.</param>
public sealed record ConsistencyProof(long From, long To, IReadOnlyList<string> Hashes, string? Checkpoint);

public static class GetConsistencyEndpoint
{
    private static readonly Refusal NotASize = new(
        422,
        "size-invalid",
        "These are not sizes that the log had, the earlier one first.",
        "Sizes stand in the second line of a checkpoint: from is 0 to to, and to is at most that of /log/checkpoint."
    );

    private static readonly Refusal NoLog = new(
        404,
        "log-empty",
        "The log has no checkpoint yet.",
        "It is begun within a second after a server has started. Try again then."
    );

    /// <summary>That the log goes on from an earlier size, as a proof that others can verify: <c>ops/verify-proof</c> does.</summary>
    /// <param name="from">The size of a checkpoint that was kept; without it, 0.</param>
    /// <param name="to">The size of a later checkpoint; without it, of the last one.</param>
    [WolverineGet("/api/audit/consistency"), AllowAnonymous]
    [ProducesResponseType(typeof(ConsistencyProof), 200)]
    [ProducesResponseType(404, Description = "The log has no checkpoint yet.")]
    [ProducesResponseType(422, Description = "These are not sizes that the log had, the earlier one first.")]
    public static async Task<IResult> Get(long from, long? to, [FromServices] AuditProofs proofs, HttpContext http)
    {
        if (await proofs.HeadAsync(http.RequestAborted) is not { } head)
        {
            return new Problem(NoLog);
        }

        var size = to ?? head.Size;
        if (from < 0 || from > size || size > head.Size)
        {
            return new Problem(NotASize);
        }

        var hashes = await proofs.ConsistencyAsync(from, size, http.RequestAborted);
        return new Tagged<ConsistencyProof>(
            new ConsistencyProof(
                from,
                size,
                [.. hashes.Select(Convert.ToBase64String)],
                size == head.Size ? head.Note : null
            )
        );
    }
}
