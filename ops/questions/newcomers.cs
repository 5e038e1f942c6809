// How many people wrote here for the first time, and how many of them came back?
//
// Month             the month of their first post, UTC
// Newcomers         how many members wrote their first post in it
// CameBack          those of them who wrote again on another day, within 30 days of the first post
// CameBackPercent   the same in percent of the newcomers
//
// The 30 days of the last newcomers may not be over. Ask it of the whole past: with --from or --last, everybody's first
// post in that time is taken for the first one. With --board, it is the first one in the board.

var days = TimeSpan.FromDays(30);
return await Question
    .StartingWith(new Dictionary<Guid, List<DateTime>>())
    .WithoutBodies()
    .On<IPostWritten>(
        (members, e) =>
        {
            if (!members.TryGetValue(e.ActorId(), out var posts))
            {
                members.Add(e.ActorId(), posts = []);
            }

            posts.Add(e.Timestamp.UtcDateTime);
        }
    )
    .AnswerAsync(
        args,
        members =>
            from posts in members.Values
            let first = posts.Min()
            let cameBack = posts.Any(at => at.Date > first.Date && at - first <= days)
            group cameBack by $"{first:yyyy-MM}" into month
            orderby month.Key
            select new
            {
                Month = month.Key,
                Newcomers = month.Count(),
                CameBack = month.Count(back => back),
                CameBackPercent = 100.0 * month.Count(back => back) / month.Count(),
            }
    );
