using EventForum.Cases;
using EventForum.Platform;
using JasperFx.Events;
using static EventForum.Exchange.ExportCheck;

namespace EventForum.Exchange;

/// <summary>The cases of an export: whether an event could have happened after those before it, by the rules of the commands.</summary>
internal sealed class ExportedCases
{
    private readonly Dictionary<Guid, Case> cases = [];

    /// <exception cref="FormatException">It could not have happened after what came before it.</exception>
    public void Add(IEvent e, ExportedThreads threads)
    {
        var known = cases.GetValueOrDefault(e.StreamId);
        var actor = e.ActorId();
        switch (e.Data)
        {
            case PostReported report:
                var post = threads.Find(report.PostId);
                Check(post is not null, $"It is about post {report.PostId}, which the file does not hold before it.");
                Check(
                    post!.AuthorId == report.AuthorId && report.Revision >= 1 && report.Revision <= post.Lengths.Count,
                    "It is about another author's post, or a revision that there is not."
                );
                Check(actor != report.AuthorId, "Its post is the reporter's own.");
                Check(
                    known is null || (known.PostId == report.PostId && known.State == CaseState.Open),
                    "Its case is decided, or another post's."
                );
                Allow(known?.RefusalToReport(actor));
                Check(PlainLine.RefusalOf(report.Reason, "reason", 1, 50) is null, "It gives no reason.");
                CheckText(report.Text, 0);
                break;
            case CaseTaken:
                Allow(known!.RefusalToTake(actor));
                break;
            case CaseNoted noted:
                CheckText(noted.Text, 1);
                break;
            case CaseResolved resolved:
                Allow(known!.RefusalToDecide(actor));
                Check(PlainLine.RefusalOf(resolved.Reason, "reason", 1, 50) is null, "It gives no reason.");
                CheckText(resolved.Explanation, 0);
                break;
            case CaseDismissed dismissed:
                Allow(known!.RefusalToDecide(actor));
                CheckText(dismissed.Explanation, 1);
                break;
            case DecisionAppealed appealed:
                Check(known!.AuthorId == actor, "Only the author appeals.");
                Allow(known.RefusalToAppeal());
                CheckText(appealed.Text, 1);
                break;
            case AppealDecided decided:
                Allow(known!.RefusalToDecideAppeal(actor));
                CheckText(decided.Explanation, 1);
                break;
        }

        cases[e.StreamId] = Case.Fold(known, e)!;
    }

    private static void Allow(Refusal? refusal) => Check(refusal is null, refusal?.Title ?? "");

    private static void CheckText(string? text, int min) =>
        Check(CaseTexts.RefusalOf(text, "text", min) is null, $"A text of a case has {min} to 1,000 characters.");
}
