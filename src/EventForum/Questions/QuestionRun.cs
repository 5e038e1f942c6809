using EventForum.Platform;
using Npgsql;

namespace EventForum.Questions;

/// <summary>Runs a question: reads, folds, prints, within its bounds.</summary>
internal static class QuestionRun
{
    public static async Task<int> AnswerAsync<TState, TRow>(
        Question<TState> question,
        string[] args,
        Func<TState, IEnumerable<TRow>> rows,
        QuestionHost host
    )
    {
        try
        {
            var options = QuestionOptions.Parse(args, host.Clock.GetUtcNow());
            if (options.Help)
            {
                await host.Output.WriteLineAsync(QuestionOptions.Usage);
                return 0;
            }

            var folds = question.Folds();
            if (options.Promote is { } name)
            {
                var view = await ViewFile.WriteAsync(name, host.File, [.. folds.Keys], typeof(TRow));
                await host.Error.WriteLineAsync(
                    $"{view} is begun. Say in it which row an event changes (RowsOf) and what it makes of that row (Evolve), where the compiler asks for it. A view gets no texts of posts, only their length."
                );
                return 0;
            }

            await using var database = StoreModule.DataSource(
                "forum questions",
                StoreModule.ReadConnectionString(host.Configuration, serves: false)
            );
            var answer = await LimitedAsync(
                options,
                host,
                (progress, cancellation) =>
                    AnswerAsync(question, folds, rows, options, database, progress, cancellation)
            );
            AnswerWriter.Write(answer, options, host.Output);
            return 0;
        }
        catch (QuestionRefusedException e)
        {
            await host.Error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (e is StartRefusedException || Outage.Is(e))
        {
            await host.Error.WriteLineAsync(StartRefusedException.Explain(e));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            await host.Error.WriteLineAsync(QuestionRefusedException.NoForum);
        }
        catch (Exception e)
        {
            // The question's own code: whoever wrote it needs to know where.
            await host.Error.WriteLineAsync($"The question failed: {e}");
        }

        return 1;
    }

    /// <summary>Does the work with its progress on show, as long as it may take.</summary>
    public static async Task<T> LimitedAsync<T>(
        QuestionOptions options,
        QuestionHost host,
        Func<QuestionProgress, CancellationToken, Task<T>> work
    )
    {
        using var limit = new CancellationTokenSource(options.Limit, host.Clock);
        var progress = new QuestionProgress(host.Clock);
        try
        {
            // Code that never comes back is left behind: the program ends with what waits for it here.
            return await progress.ShowAsync(
                host.Error,
                () => Task.Run(() => work(progress, limit.Token), limit.Token).WaitAsync(limit.Token)
            );
        }
        catch (Exception e) when (limit.IsCancellationRequested && (e is OperationCanceledException || Outage.Is(e)))
        {
            throw new QuestionRefusedException(
                $"It was ended after {Words(options.Limit)}, at {progress.Share:P0} of the events. Narrow it, as with --last, or allow more with --timeout.",
                e
            );
        }
    }

    private static async Task<AnswerTable> AnswerAsync<TState, TRow>(
        Question<TState> question,
        Dictionary<EventKind, Func<TState, JasperFx.Events.IEvent, TState>> folds,
        Func<TState, IEnumerable<TRow>> rows,
        QuestionOptions options,
        NpgsqlDataSource database,
        QuestionProgress progress,
        CancellationToken cancellation
    )
    {
        await QuestionRole.ThrowIfItMayWriteAsync(database, cancellation);
        var filter = await new FilterNames(database).FindAsync(options, cancellation);
        var bounds = new QuestionBounds(options.Memory);
        var state = question.Start;
        await new EventReader(database).ReadAsync(
            folds.Keys,
            filter with
            {
                Bodies = question.ReadsBodies,
            },
            (kind, e) =>
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    state = folds[kind](state, e);
                }
                catch (Exception wrong) when (wrong is not (QuestionRefusedException or OperationCanceledException))
                {
                    throw new QuestionRefusedException(
                        $"The question failed at the event at position {e.Sequence}: {wrong}",
                        wrong
                    );
                }

                progress.Folded++;
                bounds.Passed();
            },
            progress.Reached,
            cancellation
        );
        bounds.Check();
        return await AnswerTable.Of(rows(state), bounds.Passed).NamedAsync(database, cancellation);
    }

    private static string Words(TimeSpan limit) =>
        limit.Ticks % TimeSpan.TicksPerMinute == 0
            ? Count(limit.TotalMinutes, "minute")
            : Count(limit.TotalSeconds, "second");

    private static string Count(double count, string unit) => $"{count:N0} {unit}{(count == 1 ? "" : "s")}";
}
