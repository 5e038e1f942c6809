namespace EventForum.Acceptance.Access;

internal static class Canaries
{
    /// <summary>
    /// What a reader who moderates nothing must find nowhere: words, ids and authors of boards that it does not see, and words
    /// of removed posts; and words of reports and notes, and names of who reported.
    /// </summary>
    public static IReadOnlyList<string> CanariesFor(this GuardedForum forum, string reader) =>
        [
            .. forum
                .Boards.Values.Where(board => !GuardedForum.Sees(reader, board.Kind))
                .SelectMany(board =>
                    (string[])
                        [
                            board.Words,
                            board.Id.ToString(),
                            board.ThreadId.ToString(),
                            board.FirstPost.ToString(),
                            board.RemovedPost.ToString(),
                            board.MovedWords,
                            .. board.Posts.SelectMany(post => (string[])[post.Words, post.Id.ToString(), post.Author]),
                        ]
                ),
            .. forum.Boards.Values.Select(board => board.RemovedWords),
            .. forum.Boards.Values.Select(board => board.ReportedWords),
            .. forum
                .Boards.Values.SelectMany(board => board.Posts)
                .Where(post => post.IsRemoved)
                .Select(post => post.Words),
        ];
}
