using EventForum.Access;
using EventForum.Boards;
using EventForum.Cases;
using EventForum.Commands;
using EventForum.Members;
using EventForum.Moderation;
using EventForum.Threads;
using EventForum.Views.Framework;

namespace EventForum.Tests.Commands;

/// <summary>
/// Answers are kept for ever beside a hash of what was asked: these texts may grow with what a client sends, and else
/// never change.
/// </summary>
public sealed class RequestTests
{
    private static readonly Guid One = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Two = Guid.Parse("00000000-0000-0000-0000-000000000002");

    private static readonly CasePlace Place = new(One, Two, Two);

    private const string Ids =
        "\"threadId\":\"00000000-0000-0000-0000-000000000001\",\"postId\":\"00000000-0000-0000-0000-000000000002\"";

    private const string Names =
        "\"names\":{\"ids\":[\"00000000-0000-0000-0000-000000000002\"],\"numbers\":[],\"authors\":[],\"editedId\":null,\"isNone\":false}";

    private static readonly Dictionary<ICommand, string> Requests = new()
    {
        [new CreateBoard("General", null)] =
            """{"path":"/api/boards","request":{"name":"General","description":null}}""",
        [new ChangeBoard(One, "General", null)] =
            """ChangeBoard{"boardId":"00000000-0000-0000-0000-000000000001","name":"General","description":null}""",
        [new ChangeBoardPermissions(One, BoardPermissions.Default)] =
            """ChangeBoardPermissions{"boardId":"00000000-0000-0000-0000-000000000001","permissions":{"see":{"everyone":true,"roles":[],"members":[]},"start":{"everyone":true,"roles":[],"members":[]},"reply":{"everyone":true,"roles":[],"members":[]},"moderate":{"everyone":false,"roles":["moderator"],"members":[]}}}""",
        [
            new CarryOutBatch(
                Two,
                new CarryOutBatchRequest("remove-posts", "Why.", Posts: [One]),
                new RemovePosts([One]),
                [(One, Two)],
                [Two],
                new ActTerms(default, [])
            )
        ] = """CarryOutBatch{"kind":"remove-posts","reason":"Why.","posts":["00000000-0000-0000-0000-000000000001"]}""",
        [new UndoBatch(Two, One, "Why.", [], [], [], [], [])] =
            """UndoBatch{"undoneId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [
            new CarryOutBatch(
                Two,
                new CarryOutBatchRequest(
                    "remove-posts",
                    "Why.",
                    Posts: [One],
                    CaseId: Two,
                    Rule: "spam",
                    Explanation: "It sells."
                ),
                new RemovePosts([One]),
                [(One, Two)],
                [Two],
                new ActTerms(default, []),
                new CasePlace(Two, One, Two)
            )
        ] =
            """CarryOutBatch{"kind":"remove-posts","reason":"Why.","posts":["00000000-0000-0000-0000-000000000001"],"caseId":"00000000-0000-0000-0000-000000000002","rule":"spam","explanation":"It sells."}""",
        [new ReportPost(One, One, Two, "spam", "Look.", ["spam"])] =
            """ReportPost{"postId":"00000000-0000-0000-0000-000000000002","reason":"spam","text":"Look."}""",
        [new TakeCase(Place)] = """TakeCase{"caseId":"00000000-0000-0000-0000-000000000001"}""",
        [new NoteCase(Place, "Hm.")] = """NoteCase{"caseId":"00000000-0000-0000-0000-000000000001","text":"Hm."}""",
        [new DismissCase(Place, "Fine.")] =
            """DismissCase{"caseId":"00000000-0000-0000-0000-000000000001","explanation":"Fine."}""",
        [new AppealDecision(One, "No.")] =
            """AppealDecision{"caseId":"00000000-0000-0000-0000-000000000001","text":"No."}""",
        [new UpholdDecision(Place, "Wrong.")] =
            """UpholdDecision{"caseId":"00000000-0000-0000-0000-000000000001","explanation":"Wrong."}""",
        [new OverturnDecision(Place, "Right.", new UndoBatch(Two, One, "Why.", [], [], [], [], []))] =
            """OverturnDecision{"caseId":"00000000-0000-0000-0000-000000000001","explanation":"Right."}""",
        [new PauseView("activity", "Why.")] = """PauseView{"view":"activity","reason":"Why."}""",
        [new ResumeView("activity", "Why.")] = """ResumeView{"view":"activity","reason":"Why."}""",
        [new SkipViewEvent("activity", 2, One, 3, "Why.")] =
            """SkipViewEvent{"view":"activity","viewVersion":2,"streamId":"00000000-0000-0000-0000-000000000001","version":3,"reason":"Why."}""",
        [new PublishModerationLog(One, true)] =
            """PublishModerationLog{"boardId":"00000000-0000-0000-0000-000000000001","isPublic":true}""",
        [new CloseBoard(One, "Why.")] =
            """CloseBoard{"boardId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [new ReopenBoard(One, "Why.")] =
            """ReopenBoard{"boardId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [new GrantRoles(One, ["moderator"])] =
            """GrantRoles{"memberId":"00000000-0000-0000-0000-000000000001","roles":["moderator"]}""",
        [new ClaimAccount(One, Two)] =
            """ClaimAccount{"memberId":"00000000-0000-0000-0000-000000000001","accountId":"00000000-0000-0000-0000-000000000002"}""",
        [new ReleaseAccount(One, Two)] =
            """ReleaseAccount{"memberId":"00000000-0000-0000-0000-000000000001","accountId":"00000000-0000-0000-0000-000000000002"}""",
        [new GrantTitle(One, "Keeper")] =
            """{"path":"/api/members/00000000-0000-0000-0000-000000000001/title","request":{"title":"Keeper"}}""",
        [new StartThread(One, "A title", "Body.")] =
            """StartThread{"board":"00000000-0000-0000-0000-000000000001","title":"A title","body":"Body.","boardId":"00000000-0000-0000-0000-000000000001"}""",
        [new PostReply(One, "Body.", 3)] =
            """PostReply{"threadId":"00000000-0000-0000-0000-000000000001","body":"Body.","answersVersion":3}""",
        [new PostReply(One, "Body.", Format: "mail")] =
            """PostReply{"threadId":"00000000-0000-0000-0000-000000000001","body":"Body.","answersVersion":null,"format":"mail"}""",
        [new PostReply(One, "Body.", ParentId: Two)] =
            """PostReply{"threadId":"00000000-0000-0000-0000-000000000001","body":"Body.","answersVersion":null,"parentId":"00000000-0000-0000-0000-000000000002"}""",
        [new QuotePost(One, Two, "Body.", "Words.")] =
            """QuotePost{"threadId":"00000000-0000-0000-0000-000000000001","quotedId":"00000000-0000-0000-0000-000000000002","body":"Body.","excerpt":"Words.","answersVersion":null}""",
        [new EditPost(One, Two, "Body.", "Why.", 2)] =
            $$"""EditPost{{{Ids}},"body":"Body.","reason":"Why.","revision":2,{{Names.Replace("null", "\"00000000-0000-0000-0000-000000000002\"", StringComparison.Ordinal)}}}""",
        [new RemovePost(One, Two, "Why.")] = $$"""RemovePost{{{Ids}},"reason":"Why.",{{Names}}}""",
        [new RestorePost(One, Two, "Why.")] = $$"""RestorePost{{{Ids}},"reason":"Why.",{{Names}}}""",
        [new RenameThread(One, "Another", null)] =
            """RenameThread{"threadId":"00000000-0000-0000-0000-000000000001","title":"Another","reason":null}""",
        [new LockThread(One, "Why.")] =
            """LockThread{"threadId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [new UnlockThread(One, "Why.")] =
            """UnlockThread{"threadId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [new PinThread(One, "Why.")] =
            """PinThread{"threadId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
        [new UnpinThread(One, "Why.")] =
            """UnpinThread{"threadId":"00000000-0000-0000-0000-000000000001","reason":"Why."}""",
    };

    [Fact]
    public void what_a_retry_repeats_is_the_same_in_every_version()
    {
        foreach (var (command, request) in Requests)
        {
            command.Request.ShouldBe(request);
        }
    }

    [Fact]
    public void every_command_is_here() =>
        typeof(ICommand)
            .Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(ICommand)))
            .ShouldBe(Requests.Keys.Select(command => command.GetType()).Distinct(), ignoreOrder: true);
}
