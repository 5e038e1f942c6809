using System.Runtime.CompilerServices;
using JasperFx.Events;

namespace EventForum.Questions;

/// <summary>
/// Begins a question to the forum's past: a start value, what each event makes of it, and the rows of the answer. A
/// question is a C# file that <c>make ask FILE=…</c> runs; it only reads.
/// </summary>
public static class Question
{
    /// <param name="start">What the first event is folded into: a value, or a collection that the folds fill.</param>
    public static Question<TState> StartingWith<TState>(TState start) => new(start);
}

/// <summary>A question that is being put together.</summary>
/// <typeparam name="TState">What the events are folded into.</typeparam>
public sealed class Question<TState>
{
    private readonly List<(Type Type, Func<TState, IEvent, TState> Fold)> folds = [];
    private readonly TState start;

    internal Question(TState start) => this.start = start;

    internal bool ReadsBodies { get; private set; } = true;

    /// <summary>
    /// What an event makes of the state. Only types of events that a question names are read, in the order of their
    /// positions.
    /// </summary>
    /// <typeparam name="T">
    /// A type of event, or an interface that several have: <c>IPostWritten</c> is every post that is written.
    /// </typeparam>
    public Question<TState> On<T>(Func<TState, IEvent<T>, TState> fold)
        where T : class
    {
        folds.Add((typeof(T), (state, e) => fold(state, (IEvent<T>)e)));
        return this;
    }

    /// <summary>The same for a state that is changed in place.</summary>
    public Question<TState> On<T>(Action<TState, IEvent<T>> fold)
        where T : class =>
        On<T>(
            (state, e) =>
            {
                fold(state, e);
                return state;
            }
        );

    /// <summary>The question needs no texts of posts, which are most of what there is to read: <c>Body</c> is null.</summary>
    public Question<TState> WithoutBodies()
    {
        ReadsBodies = false;
        return this;
    }

    /// <summary>Reads the events and prints the answer as the arguments say.</summary>
    /// <param name="args">The program's arguments; <c>--help</c> lists what there is.</param>
    /// <param name="rows">The answer: records or anonymous objects, whose properties are the columns.</param>
    /// <param name="file">The question's file, which the compiler fills in.</param>
    /// <returns>The program's exit code: 0 with an answer, else 1.</returns>
    public Task<int> AnswerAsync<TRow>(
        string[] args,
        Func<TState, IEnumerable<TRow>> rows,
        [CallerFilePath] string file = ""
    ) => AnswerAsync(args, rows, QuestionHost.Process() with { File = file });

    internal Task<int> AnswerAsync<TRow>(string[] args, Func<TState, IEnumerable<TRow>> rows, QuestionHost host) =>
        QuestionRun.AnswerAsync(this, args, rows, host);

    /// <summary>The types of events that it reads, each with the folds that take it in.</summary>
    internal Dictionary<EventKind, Func<TState, IEvent, TState>> Folds()
    {
        var byKind = new Dictionary<EventKind, Func<TState, IEvent, TState>>();
        foreach (var (type, fold) in folds)
        {
            var kinds = EventKind.All.Where(kind => type.IsAssignableFrom(kind.Type)).ToList();
            if (kinds.Count == 0)
            {
                throw new QuestionRefusedException(
                    $"{type.Name} is no event of the forum. On<…> takes one of {string.Join(", ", EventKind.All.Select(kind => kind.Type.Name).Order(StringComparer.Ordinal))}."
                );
            }

            foreach (var kind in kinds)
            {
                byKind[kind] = byKind.TryGetValue(kind, out var first) ? (state, e) => fold(first(state, e), e) : fold;
            }
        }

        return byKind.Count > 0
            ? byKind
            : throw new QuestionRefusedException("The question reads no events: say with On<…> what it folds.");
    }

    internal TState Start => start;
}
