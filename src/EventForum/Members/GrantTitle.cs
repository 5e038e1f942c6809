using System.Text.Json;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Members;

/// <summary>Gives a member a title that wins over the ladder. Admins only.</summary>
/// <param name="Title">1-60 characters, one line; null gives the member back to the ladder.</param>
public sealed record GrantTitleRequest(string? Title);

public sealed record GrantTitle(Guid MemberId, string? Title) : ICommand
{
    private const int MaxTitle = 60;

    IReadOnlyList<StreamKey> ICommand.Streams => [Member.Stream(MemberId)];

    /// <summary>By its route: so the answers are kept that databases hold.</summary>
    string ICommand.Request =>
        JsonSerializer.Serialize(
            new { Path = $"/api/members/{MemberId}/title", request = new GrantTitleRequest(Title) },
            JsonSerializerOptions.Web
        );

    public Decision Decide(DecisionContext context) =>
        Title is not null && PlainLine.RefusalOf(Title, "title", 1, MaxTitle) is { } refusal ? refusal
        : context.Find<Member>(Member.Stream(MemberId)) is null ? MemberName.NoSuchMember
        : Decision.To(new Receipt(), new TitleGranted(Title?.Trim()));
}

public static class GrantTitleEndpoint
{
    /// <summary>Gives a member a title of its own, as an admin; null gives back the one that the posts earn.</summary>
    [WolverinePut("/api/members/{memberId}/title")]
    [Authorize(Roles = "admin")]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Put(Guid memberId, GrantTitleRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new GrantTitle(memberId, request.Title));
}
