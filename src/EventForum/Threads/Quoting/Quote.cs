namespace EventForum.Threads.Quoting;

public sealed record Quote(int At, Guid PostId, int Revision, int Start, int Length);
