using EventForum.Platform;
using EventForum.Threads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>Gives a member a title that wins over the ladder. Admins only.</summary>
/// <param name="Title">1-60 characters, one line; null gives the member back to the ladder.</param>
public sealed record GrantTitleRequest(string? Title);

public static class GrantTitleEndpoint
{
    private const int MaxTitle = 60;

    /// <summary>Gives a member a title of its own, as an admin; null gives back the one that the posts earn.</summary>
    [WolverinePut("/api/members/{memberId}/title")]
    [Authorize(Roles = "admin")]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Put(
        Guid memberId,
        GrantTitleRequest request,
        HttpContext http,
        MemberCommands commands
    ) =>
        commands.RunAsync(
            http,
            request,
            200,
            answer => answer.Receipt,
            async (session, _) =>
            {
                if (
                    request.Title is not null
                    && PlainLine.RefusalOf(request.Title, "title", 1, MaxTitle) is { } refusal
                )
                {
                    return (refusal, null);
                }

                // The store takes the id of zeros for none.
                var stream = memberId == Guid.Empty ? null : await session.Events.FetchForWriting<Member>(memberId);
                return stream?.Aggregate is null
                    ? (MemberName.NoSuchMember, null)
                    : (
                        null,
                        session.Events.Append(
                            memberId,
                            stream.CurrentVersion!.Value + 1,
                            new TitleGranted(request.Title?.Trim())
                        )
                    );
            }
        );
}
