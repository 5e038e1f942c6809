using CsCheck;
using EventForum.Cases;
using EventForum.Tests.Threads;
using Case = EventForum.Cases.Case;

namespace EventForum.Tests.Cases;

/// <summary>Who may do what with a case, and when.</summary>
public sealed class CaseTests
{
    private static readonly Guid Author = Person.Ann.Id;
    private static readonly Guid Reporter = Person.Ben.Id;
    private static readonly Guid Mod = Person.Mod.Id;
    private static readonly Guid Other = Guid.CreateVersion7();
    private static readonly Guid Post = Guid.CreateVersion7();
    private static readonly Guid Batch = Guid.CreateVersion7();

    private static readonly PostReported Report = new(Post, Author, 1, "spam", null);

    [Fact]
    public void a_member_reports_a_post_once_in_a_case()
    {
        var known = After((Reporter, Report));

        known.RefusalToReport(Reporter).ShouldBe(CaseRefusals.AlreadyReported);
        known.RefusalToReport(Other).ShouldBeNull();
        After((Reporter, Report), (Other, Report with { Reason = "other" })).Reasons.ShouldBe(["spam", "other"]);
    }

    [Fact]
    public void a_case_is_decided_by_who_has_it_and_may_be_taken_over()
    {
        var taken = After((Reporter, Report), (Mod, new CaseTaken()));

        taken.RefusalToDecide(Mod).ShouldBeNull();
        taken.RefusalToDecide(Other).ShouldBe(CaseRefusals.TakenByAnother);
        taken.RefusalToTake(Mod).ShouldBe(CaseRefusals.AlreadyTaken);
        taken.RefusalToTake(Other).ShouldBeNull();
        After((Reporter, Report)).RefusalToDecide(Other).ShouldBeNull();
    }

    [Fact]
    public void a_resolved_case_is_appealed_once_and_another_moderator_decides()
    {
        var resolved = After((Reporter, Report), (Mod, new CaseTaken()), (Mod, new CaseResolved(Batch, "spam", null)));
        resolved.IsOpen.ShouldBeFalse();
        resolved.RefusalToDecide(Mod).ShouldBe(CaseRefusals.Closed);
        resolved.RefusalToAppeal().ShouldBeNull();

        var appealed = Case.Fold(resolved, ThreadStory.Told(new DecisionAppealed("No."), Author, 4))!;
        appealed.IsOpen.ShouldBeTrue();
        appealed.TakenBy.ShouldBeNull();
        appealed.RefusalToAppeal().ShouldBe(CaseRefusals.AlreadyAppealed);
        appealed.RefusalToTake(Mod).ShouldBe(CaseRefusals.AnotherDecides);
        appealed.RefusalToDecideAppeal(Mod).ShouldBe(CaseRefusals.AnotherDecides);
        appealed.RefusalToDecideAppeal(Other).ShouldBeNull();

        var decided = Case.Fold(appealed, ThreadStory.Told(new AppealDecided(true, "Yes.", null), Other, 5))!;
        decided.State.ShouldBe(CaseState.Overturned);
        decided.RefusalToAppeal().ShouldBe(CaseRefusals.AlreadyAppealed);
        decided.RefusalToDecideAppeal(Other).ShouldBe(CaseRefusals.NotAppealed);
    }

    [Fact]
    public void there_is_nothing_to_appeal_against_where_nothing_was_done()
    {
        After((Reporter, Report)).RefusalToAppeal().ShouldBe(CaseRefusals.NoSuchDecision);
        After((Reporter, Report), (Mod, new CaseDismissed("Fine.")))
            .RefusalToAppeal()
            .ShouldBe(CaseRefusals.NoSuchDecision);
    }

    /// <summary>Whatever moderators and authors try, in any order, by the rules.</summary>
    [Fact]
    public void a_case_waits_until_it_is_decided_and_after_an_appeal_until_that_is()
    {
        Gen.Select(Gen.Int[0, 5], Gen.OneOf(Gen.Const(Mod), Gen.Const(Other), Gen.Const(Reporter)))
            .List[1, 30]
            .Sample(tries =>
            {
                var known = After((Reporter, Report));
                var (decisions, appeals, decidedAppeals) = (0, 0, 0);
                foreach (var (what, who) in tries)
                {
                    var (refusal, data) = what switch
                    {
                        0 => (known.RefusalToTake(who), (object)new CaseTaken()),
                        1 => (known.RefusalToDecide(who), new CaseResolved(Batch, "spam", null)),
                        2 => (known.RefusalToDecide(who), new CaseDismissed("Fine.")),
                        3 => (known.RefusalToAppeal(), new DecisionAppealed("No.")),
                        4 => (known.RefusalToDecideAppeal(who), new AppealDecided(true, "Yes.", null)),
                        _ => (known.RefusalToDecideAppeal(who), new AppealDecided(false, "No.", null)),
                    };
                    if (refusal is not null)
                    {
                        continue;
                    }

                    decisions += what is 1 or 2 ? 1 : 0;
                    appeals += what is 3 ? 1 : 0;
                    decidedAppeals += what is 4 or 5 ? 1 : 0;
                    if (what is 4 or 5)
                    {
                        who.ShouldNotBe(known.DecidedBy!.Value);
                    }

                    var actor = what == 3 ? Author : who;
                    known = Case.Fold(known, ThreadStory.Told(data, actor, known.Version + 1))!;
                }

                decisions.ShouldBeLessThanOrEqualTo(1);
                appeals.ShouldBeLessThanOrEqualTo(decisions);
                decidedAppeals.ShouldBeLessThanOrEqualTo(appeals);
                known.IsOpen.ShouldBe(decisions == 0 || appeals > decidedAppeals);
                (known.ClosedAt is null).ShouldBe(known.IsOpen);
            });
    }

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData("", 1, "text-length")]
    [InlineData("  \n ", 1, "text-length")]
    [InlineData("Two\r\nlines.", 1, null)]
    [InlineData("A \u0007 bell.", 0, "text-characters")]
    [InlineData("A \0 in it.", 0, "text-characters")]
    public void a_text_is_some_lines_that_can_be_kept(string? text, int min, string? type) =>
        (CaseTexts.RefusalOf(text, "text", min)?.Type).ShouldBe(type);

    [Fact]
    public void a_text_has_up_to_a_thousand_characters()
    {
        CaseTexts.RefusalOf(new string('x', 1_000), "text", 0).ShouldBeNull();
        CaseTexts.RefusalOf(new string('x', 1_001), "text", 0)!.Type.ShouldBe("text-length");
        CaseTexts.Trimmed(" Two\r\nlines.  ").ShouldBe("Two\nlines.");
    }

    [Fact]
    public void reasons_are_checked_when_they_are_configured()
    {
        new ReportReasons().Flaw().ShouldBeNull();
        With(("a", "A"), ("a", "B")).Flaw()!.ShouldContain("twice");
        With(("a", "")).Flaw()!.ShouldContain("Label");
        With(("", "A")).Flaw()!.ShouldContain("Key");
        With(("a", "A")).LabelOf("b").ShouldBe("b");

        static ReportReasons With(params (string Key, string Label)[] reasons) =>
            new() { Reasons = [.. reasons.Select(one => new ReportReason(one.Key, one.Label))] };
    }

    private static Case After(params (Guid Who, object Data)[] events) =>
        events.Select((e, i) => ThreadStory.Told(e.Data, e.Who, i + 1)).Aggregate((Case?)null, Case.Fold)!;
}
