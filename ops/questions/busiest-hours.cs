// When is most written? Best read with --chart; --chart Sunday shows one weekday.
//
// Hour                  the hour of the day, UTC: 08 is from 8:00 up to 9:00
// Posts                 how many posts were written in it, on any day
// Monday ... Sunday     how many of them on that weekday
//
// Edits do not count.

return await Question
    .StartingWith(new int[24, 7])
    .WithoutBodies()
    .On<IPostWritten>(
        (posts, e) =>
        {
            posts[e.Timestamp.UtcDateTime.Hour, (int)e.Timestamp.UtcDateTime.DayOfWeek]++;
        }
    )
    .AnswerAsync(
        args,
        posts =>
            from hour in Enumerable.Range(0, 24)
            let byDay = Enumerable.Range(0, 7).Select(day => posts[hour, day]).ToList()
            select new
            {
                Hour = $"{hour:00}",
                Posts = byDay.Sum(),
                Monday = byDay[1],
                Tuesday = byDay[2],
                Wednesday = byDay[3],
                Thursday = byDay[4],
                Friday = byDay[5],
                Saturday = byDay[6],
                Sunday = byDay[0],
            }
    );
