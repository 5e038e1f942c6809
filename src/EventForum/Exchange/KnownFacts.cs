using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.Exchange;

/// <summary>
/// Goes through what is stored of a thread, in the order in which it came, as if it were imported again: what differs is
/// found by it, and what comes after it may quote it. Pure but for the defects it reports.
/// </summary>
internal sealed class KnownFacts(ThreadHere here, PostReading reading)
{
    private readonly Dictionary<Guid, ReadText> read = [];
    private readonly Dictionary<Guid, DateTimeOffset> lastTexts = [];
    private readonly HashSet<Guid> said = [];

    /// <summary>When a post got the text that it has; null for one that is not here.</summary>
    public DateTimeOffset? LastTextAt(Guid postId) => lastTexts.TryGetValue(postId, out var at) ? at : null;

    /// <param name="steps">What the file says, by the events that it was stored as.</param>
    /// <param name="start">What the file says of a thread's start: its board and its title.</param>
    public IEnumerable<SourceFact> Of(
        IReadOnlyDictionary<Guid, SourceStep> steps,
        Func<ThreadStarted, ThreadStarted> start
    )
    {
        var posts = steps.Values.Select(step => step.Post).DistinctBy(post => post.Id).ToDictionary(post => post.Id);
        foreach (var e in here.Events)
        {
            var postId = e.Data is null ? default : PostEvents.PostOf(e.Data) ?? default;
            var post = posts.GetValueOrDefault(postId);
            if (steps.TryGetValue(e.Id, out var step))
            {
                yield return step.Fact(Again(e, step, start)) with
                {
                    Version = e.Version,
                };
            }

            if (e.Data is not null)
            {
                lastTexts[postId] = e.At;
            }

            if (post is not null && e.Data is not null)
            {
                Know(post, e);
            }
        }
    }

    /// <summary>What the event would be if it came now; as it is where that says nothing.</summary>
    private object Again(StoredFact e, SourceStep step, Func<ThreadStarted, ThreadStarted> start)
    {
        var (post, revision) = (step.Post, step.Revision);
        var parent = SourceThread.ParentOf(post.Line);
        switch (e.Data)
        {
            case ThreadStarted { Mask: null } started when !revision.IsUnknown && IsQuotable(started.Quotes):
                var (first, format, _) = AsStored(reading.Read(post, revision), started.Body, started.Quotes);
                return start(started) with { Body = first.Body, Quotes = first.Quotes, Format = format };
            case ReplyPosted { Mask: null } reply when !revision.IsUnknown && IsQuotable(reply.Quotes):
                var (body, written, _) = AsStored(reading.Read(post, revision), reply.Body, reply.Quotes);
                return reply with
                {
                    Body = body.Body,
                    Quotes = body.Quotes,
                    Format = written,
                    ParentId = reply.ParentId is null ? null : parent,
                };
            case PostEdited { Mask: null } edit when IsQuotable(edit.Quotes):
                var isAfterUnknown = step.Previous?.IsUnknown == true;
                var text = AsStored(
                    read.Remove(post.Id, out var known) ? known : reading.Read(post, revision),
                    edit.Body,
                    edit.Quotes
                );
                return edit with
                {
                    Body = text.Body.Body,
                    Quotes = text.Body.Quotes,
                    Format = text.Format,
                    // How often it was changed may have been told otherwise before.
                    Reason = isAfterUnknown ? edit.Reason : revision.Reason,
                };
            default:
                if (e.Data is not null && revision.IsUnknown && step.Next is { } next && IsStored(post, next))
                {
                    // Its known text was looked at when the post came.
                    read[post.Id] = reading.Read(post, next);
                }

                return e.Data ?? step.Renamed!;
        }
    }

    /// <summary>
    /// The text as it is stored where nothing but what is a reference differs: another version of the program found other
    /// words in earlier posts.
    /// </summary>
    private ReadText AsStored(ReadText text, string body, IReadOnlyList<Quote> quotes) =>
        !text.Body.Quotes.SequenceEqual(quotes)
        && reading.Quotes.Letters(text.Body.Body, text.Body.Quotes) == reading.Quotes.Letters(body, quotes)
            ? text with
            {
                Body = new(body, quotes, [], []),
            }
            : text;

    private bool IsStored(SourcePost post, SourceRevision next) =>
        here.Find(SourceThread.EventId(post.Line, SourceSteps.TextKey(here, post, next))) is not null;

    /// <summary>What quotes a post that the file has not cannot be looked at again.</summary>
    private bool IsQuotable(IReadOnlyList<Quote> quotes) => quotes.All(quote => said.Contains(quote.PostId));

    private void Know(SourcePost post, StoredFact e)
    {
        switch (e.Data)
        {
            case ThreadStarted started:
                Posted(started.Mask, started.Body, started.Quotes, started.Format);
                break;
            case ReplyPosted reply:
                Posted(reply.Mask, reply.Body, reply.Quotes, reply.Format);
                break;
            case PostEdited edit:
                reading.Quotes.Know(post, edit.Mask is null ? Text(edit.Body, edit.Quotes) : null, edit.Format);
                break;
        }

        void Posted(Mask? mask, string body, IReadOnlyList<Quote> quotes, PostFormat format)
        {
            reading.Quotes.Know(post, mask is null ? Text(body, quotes) : null, format);
            var next =
                mask?.Why is Masking.Unknown
                    ? here
                        .Events.Select(one => one.Data)
                        .OfType<PostEdited>()
                        .FirstOrDefault(one => one.PostId == post.Id)
                    : null;
            if (next is { Mask: null })
            {
                reading.Quotes.Foresee(post, Text(next.Body, next.Quotes), next.Format);
            }

            reading.Quotes.Remember(post);
            said.Add(post.Id);
        }

        static ResolvedBody Text(string body, IReadOnlyList<Quote> quotes) => new(body, quotes, [], []);
    }
}
