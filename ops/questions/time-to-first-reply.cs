// How long do threads wait for their first reply by somebody else than who started them?
//
// Board                     the board, as it is called now
// Threads                   how many threads were started
// NeverAnswered             those of them that nobody else has replied to
// MedianHours               half of the answered threads had a reply within so many hours
// NinetiethPercentileHours  nine of ten of the answered threads had a reply within so many hours
//
// With --from, --to or --last it is about threads that were started, and answered, in that time.

return await Question
    .StartingWith(new Dictionary<Guid, Asked>())
    .WithoutBodies()
    .On<ThreadStarted>((threads, e) => threads[e.StreamId] = new Asked(e.Data.BoardId, e.ActorId(), e.Timestamp))
    .On<ReplyPosted>(
        (threads, e) =>
        {
            if (threads.TryGetValue(e.StreamId, out var asked) && asked.Hours is null && asked.By != e.ActorId())
            {
                threads[e.StreamId] = asked with { Hours = (e.Timestamp - asked.At).TotalHours };
            }
        }
    )
    .AnswerAsync(
        args,
        threads =>
            from asked in threads.Values
            group asked.Hours by asked.Board into board
            let hours = board.OfType<double>().ToList()
            orderby board.Count() descending
            select new
            {
                Board = Name.OfBoard(board.Key),
                Threads = board.Count(),
                NeverAnswered = board.Count() - hours.Count,
                MedianHours = hours.Median(),
                NinetiethPercentileHours = hours.Percentile(90),
            }
    );

record Asked(Guid Board, Guid By, DateTimeOffset At, double? Hours = null);
