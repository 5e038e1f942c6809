// Who edits posts more than an hour after they were posted?
//
// Member       who edited
// LateEdits    edits more than an hour after the post was posted
// OfOthers     those of them that changed a post of somebody else
// Posts        how many posts these edits changed
// MedianHours  half of these edits came within so many hours after the post
// LongestDays  the latest came so many days after it
//
// With --from or --last, edits of posts that are older than that are not known.

var hour = TimeSpan.FromHours(1);
return await Question
    .StartingWith((Posted: new Dictionary<Guid, (DateTimeOffset At, Guid By)>(), Late: new List<Edit>()))
    .WithoutBodies()
    .On<IPostWritten>((state, e) => state.Posted[e.Data.PostId] = (e.Timestamp, e.ActorId()))
    .On<PostEdited>(
        (state, e) =>
        {
            if (state.Posted.TryGetValue(e.Data.PostId, out var post) && e.Timestamp - post.At > hour)
            {
                state.Late.Add(new Edit(e.ActorId(), e.Data.PostId, post.By, e.Timestamp - post.At));
            }
        }
    )
    .AnswerAsync(
        args,
        state =>
            from edit in state.Late
            group edit by edit.By into member
            orderby member.Count() descending
            select new
            {
                Member = Name.OfMember(member.Key),
                LateEdits = member.Count(),
                OfOthers = member.Count(edit => edit.Author != edit.By),
                Posts = member.Select(edit => edit.Post).Distinct().Count(),
                MedianHours = member.Select(edit => edit.After.TotalHours).Median(),
                LongestDays = member.Max(edit => edit.After.TotalDays),
            }
    );

record Edit(Guid By, Guid Post, Guid Author, TimeSpan After);
