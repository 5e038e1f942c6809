namespace EventForum.Access;

/// <summary>
/// Who asks: a guest or a member, with the site roles, and what the boards' permissions give. Every read takes one, and
/// nothing else decides what is seen.
/// </summary>
/// <param name="subject">Issuer and subject of the token; null for a guest.</param>
/// <param name="memberId">Null for a guest, and for who has signed in and not written yet.</param>
/// <param name="rules">Which roles the subject has and what boards permit, at the time of the request.</param>
public sealed class Reader(string? subject, Guid? memberId, AccessRules rules)
{
    /// <summary>A guest of a forum whose boards are all public.</summary>
    public static readonly Reader Anyone = new(null, null, AccessRules.None);

    private readonly HashSet<string> roles = RolesOf(subject, rules);
    private Guid[]? hidden;
    private string? scope;

    public Guid? MemberId => memberId;

    /// <summary><see cref="Role.Member"/> for everybody who has signed in, and what is recorded.</summary>
    public IReadOnlySet<string> Roles => roles;

    public bool IsSignedIn => subject is not null;

    public bool IsAdmin => roles.Contains(Role.Admin);

    /// <summary>Null for who may write.</summary>
    public Sanction? Suspension { get; } = subject is null ? null : rules.SuspensionOf(subject);

    /// <summary>Null for whose posts are there at once.</summary>
    public Sanction? Silence { get; } = subject is null ? null : rules.SilenceOf(subject);

    /// <summary>Whether this reader decides about members.</summary>
    public bool ModeratesForum => IsAdmin || ModeratesByDefault;

    /// <summary>Boards that do not exist for this reader, in the order of their ids.</summary>
    public Guid[] HiddenBoards => hidden ??= [.. rules.PrivateBoards.Where(id => !Sees(id))];

    /// <summary>Whether no board is hidden from this reader: then nothing need be asked about any.</summary>
    public bool SeesAllBoards => rules.PrivateBoards.Count == 0 || HiddenBoards.Length == 0;

    /// <summary>Whether there is a board where this reader sees what was removed.</summary>
    public bool IsModerator => IsAdmin || ModeratesByDefault || rules.Boards.Keys.Any(Moderates);

    /// <summary>Whether every board is such a one.</summary>
    public bool ModeratesAllBoards => IsAdmin || (ModeratesByDefault && rules.Boards.Keys.All(Moderates));

    /// <summary>Whether an answer to this reader may hold what a guest does not see.</summary>
    public bool SeesMoreThanGuests =>
        IsModerator || HiddenBoards.Length < rules.PrivateBoards.Count || Silence is not null;

    /// <summary>
    /// Stands for all that this reader may see: readers of the same scope get the same answers, but for what is their own.
    /// </summary>
    public string Scope => scope ??= (IsAdmin ? Role.Admin : ScopeOf()) + OwnPosts;

    /// <summary>Who is silenced reads posts of their own that wait for a moderator.</summary>
    private string OwnPosts => Silence is null ? "" : $"/{memberId}";

    private bool ModeratesByDefault => Has(BoardPermissions.Default.Moderate);

    public bool Sees(Guid boardId) => Moderates(boardId) || Has(rules.Of(boardId).Permissions.See);

    public bool Moderates(Guid boardId) => IsAdmin || Has(rules.Of(boardId).Permissions.Moderate);

    public bool MayStart(Guid boardId) =>
        Moderates(boardId) || (Sees(boardId) && Has(rules.Of(boardId).Permissions.Start));

    public bool MayReply(Guid boardId) =>
        Moderates(boardId) || (Sees(boardId) && Has(rules.Of(boardId).Permissions.Reply));

    /// <summary>Why the board takes neither threads nor posts; null while it does.</summary>
    public string? CloseReason(Guid boardId) => rules.Of(boardId).CloseReason;

    /// <summary>Whether this reader reads what moderators did in the board.</summary>
    public bool SeesLog(Guid boardId) => Moderates(boardId) || (Sees(boardId) && rules.Of(boardId).IsLogPublic);

    /// <summary>Who sent a request that demands a token.</summary>
    public static Reader Of(HttpContext http) =>
        http.Features.Get<Reader>() ?? throw new InvalidOperationException("Nobody has found out who asks.");

    /// <summary>The same person at another time.</summary>
    public Reader Under(AccessRules others) => ReferenceEquals(others, rules) ? this : new(subject, memberId, others);

    private bool Has(Audience audience) => audience.Includes(memberId, roles);

    /// <summary>What this reader sees and moderates, where that is more or less than boards give by default.</summary>
    private string ScopeOf()
    {
        var others = rules.Boards.Keys.Where(id => Moderates(id) != ModeratesByDefault).Order();
        return $"{(ModeratesByDefault ? Role.Moderator : "")}/{string.Join(',', others)}/{string.Join(',', HiddenBoards)}";
    }

    private static HashSet<string> RolesOf(string? subject, AccessRules rules) =>
        subject is null ? []
        : rules.RolesOf(subject) is { } recorded
            ? new HashSet<string>(
                [Role.Member, .. recorded.TokenRoles, .. recorded.GrantedRoles],
                StringComparer.Ordinal
            )
        : [Role.Member];
}
