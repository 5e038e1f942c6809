using EventForum.Platform;
using JasperFx.Events;
using Marten;

namespace EventForum.Commands;

/// <summary>One attempt at a batch: what it loaded, decided and will answer.</summary>
internal sealed class CommandRun(
    IReadOnlyList<PendingCommand> commands,
    Senders senders,
    IReadOnlyList<NamedStateSource> sources,
    ILogger log
)
{
    private const string Overwrite =
        $"update {MartenTables.EventTable} set data = ?::jsonb where {MartenTables.Position} = ?";

    private static readonly Refusal SomebodyElse = new(
        409,
        "account-changed",
        "Your account has changed while the command was being carried out.",
        "It was erased, or became one with another. Nothing was stored. Send the command again if it is to be stored for who you are now."
    );

    private readonly Dictionary<StreamKey, StreamState> streams = [];
    private readonly Dictionary<string, (string Fingerprint, DecidedCommand Answer)> given = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, Registration> registered = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<DecidedCommand> decided = new(commands.Count);
    private readonly List<INamedState> named = new(sources.Count);
    private IReadOnlyDictionary<string, Sender> found = new Dictionary<string, Sender>(StringComparer.Ordinal);

    public IEvent? FirstEvent { get; private set; }

    public bool HasEvents => FirstEvent is not null;

    /// <summary>Asks for what the rules look at, in one query, and in a second one where the first decides about it.</summary>
    public async Task LoadAsync(IDocumentSession session)
    {
        var batch = session.CreateBatchQuery();
        // In the order of their ids, in which they are written, too: two servers that meet on several streams lock them
        // in the same order.
        var fetching = commands
            .SelectMany(command => command.Streams)
            .Distinct()
            .OrderBy(stream => stream.Id)
            .Select(stream => stream.Kind.FetchAsync(batch, stream.Id))
            .ToList();
        var query = new NamedStateQuery(commands, batch, session, streams);
        var loading = sources.Where(source => !source.NeedsStreams).Select(source => source.LoadAsync(query)).ToList();
        var later = sources.Where(source => source.NeedsStreams).ToList();
        var answerIds = commands
            .Select(command => command.AnswerId)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        // Answers are read after what rules look at: a rule that sees what its command did elsewhere finds its answer.
        var answersLater = later.Exists(source => commands.Any(source.IsNamedBy));
        var earlier = answerIds.Length > 0 && !answersLater ? batch.LoadMany<GivenAnswer>().ById(answerIds) : null;
        var finding = senders.FindAsync(batch, commands.Select(command => command.Message.Caller));
        await batch.Execute();

        foreach (var stream in fetching)
        {
            var state = await stream;
            streams[state.Key] = state;
        }

        found = await finding;
        foreach (var state in loading)
        {
            named.Add(await state);
        }

        foreach (var source in later)
        {
            named.Add(await source.LoadAsync(query));
        }

        var answers =
            earlier is not null ? await earlier
            : answerIds.Length > 0 ? await session.LoadManyAsync<GivenAnswer>(answerIds)
            : [];
        foreach (var answer in answers)
        {
            given[answer.Id] = (answer.Request, await DecidedCommand.OfAsync(answer, session));
        }
    }

    /// <summary>Runs the rules, each on what those before it left.</summary>
    public void Decide(IDocumentSession session)
    {
        foreach (var command in commands)
        {
            decided.Add(Decide(command, session));
        }
    }

    /// <summary>What a rule would look at, of a run that decides and stores nothing.</summary>
    public DecisionContext Context(PendingCommand command) =>
        new(streams, named, found[command.Message.Caller.Subject].Id, command.Message.Reader, command.Prepared);

    public void Answer(IReadOnlyList<StreamStored> listeners)
    {
        foreach (var command in decided)
        {
            command.Answer();
        }

        foreach (var registration in registered.Values)
        {
            registration.Stored();
        }

        foreach (var stream in streams.Values)
        {
            if (stream.HasEvents)
            {
                foreach (var listener in listeners)
                {
                    listener(stream);
                }
            }
        }
    }

    /// <summary>Reads back where the events went, when the save did not live to tell.</summary>
    public async Task FindPositionsAsync(IDocumentStore store)
    {
        await using var session = store.QuerySession();
        foreach (var stream in streams.Values.Where(stream => stream.HasEvents))
        {
            var id = stream.Key.Id;
            var stored = await session.Events.FetchStreamAsync(id, fromVersion: stream.LoadedVersion + 1);
            foreach (var last in decided.SelectMany(command => command.Last))
            {
                if (last.StreamId == id && last.Sequence == 0)
                {
                    last.Sequence = stored.Single(e => e.Id == last.Id).Sequence;
                }
            }
        }
    }

    private DecidedCommand Decide(PendingCommand command, IDocumentSession session)
    {
        if (command.AnswerId is not null && given.TryGetValue(command.AnswerId, out var earlier))
        {
            return earlier.Fingerprint == command.Fingerprint
                ? earlier.Answer with
                {
                    Command = command,
                }
                : Refuse(IdempotencyKey.ReusedForAnother);
        }

        var caller = command.Message.Caller;
        var sender = found[caller.Subject];
        if (sender.Refusal is not null)
        {
            return Refuse(sender.Refusal);
        }

        if (command.Message.Reader.MemberId is { } asked && asked != sender.Id)
        {
            return Refuse(SomebodyElse);
        }

        var registration = registered.ContainsKey(caller.Subject) ? null : sender.Registration;
        if (registration is not null && taken.Overlaps(registration.UniqueKeys))
        {
            return Refuse(registration.Taken);
        }

        IReadOnlyList<StreamEvents> written;
        Decision decision;
        try
        {
            decision = command.Command.Decide(
                new DecisionContext(streams, named, sender.Id, command.Message.Reader, command.Prepared)
            );
            written = decision.Refusal is null ? decision.WrittenTo(command.Streams) : [];
        }
        catch (Exception e)
        {
            log.LogError(e, "The rule of {Command} failed", command.Command.GetType().Name);
            return new DecidedCommand { Command = command, Failure = e };
        }

        if (decision.Refusal is not null)
        {
            return Refuse(decision.Refusal);
        }

        var causation = (command.Command.BatchId ?? Guid.CreateVersion7()).ToString();
        if (registration is not null)
        {
            registration.Kind.Start(session, sender.Id, Event(registration.Event));
            registered.Add(caller.Subject, registration);
            registration.Claim(session);
            taken.UnionWith(registration.UniqueKeys);
        }

        var last = new IEvent[written.Count];
        for (var i = 0; i < last.Length; i++)
        {
            var stream = streams[written[i].Stream];
            foreach (var data in written[i].Events)
            {
                var e = last[i] = Event(data);
                stream.Append(e);
                named.ForEach(state => state.Evolve(e, sender.Name));
            }
        }

        foreach (var (stored, data, forgotten) in decision.Overwritten)
        {
            // OverwriteEvent would write the headers, too, and an empty object comes back as null.
            session.QueueSqlCommand(
                Overwrite,
                session.DocumentStore.Options.Serializer().ToJson(data),
                stored.Sequence
            );
            EventSalts.Forget(session, stored.Sequence, forgotten);
        }

        var receipt = decision.Receipt with
        {
            Version = streams[written[0].Stream].Version,
            Streams =
                written.Count == 1
                    ? null
                    : [.. written.Select(one => new StreamReceipt(one.Stream.Id, streams[one.Stream].Version))],
        };
        var result = new DecidedCommand(written[0].Stream.Id, receipt, last) { Command = command };
        if (command.AnswerId is not null)
        {
            given[command.AnswerId] = (command.Fingerprint, result);
            session.Insert(new GivenAnswer(command.AnswerId, command.Fingerprint, result.StreamId, receipt));
        }

        return result;

        DecidedCommand Refuse(Refusal why) => new() { Command = command, Refusal = why };

        IEvent Event(object data)
        {
            var e = session.Events.BuildEvent(data);
            e.UserName = sender.Id.ToString();
            e.CorrelationId = command.Message.CorrelationId;
            e.CausationId = causation;
            e.KeepSpan(command.Span);
            FirstEvent ??= e;
            return e;
        }
    }
}
