namespace EventForum.Exchange.Sources;

/// <summary>How the tables of a Stack Exchange dump become lines.</summary>
internal static class StackExchangeLines
{
    /// <summary>Who is who, which thread a post is in, and the texts that posts had, in the order that they had them.</summary>
    public const string Prepare = """
        create temp table people as select distinct on (id) id, displayname as name from users;
        create unique index on people (id);
        create index on bare (id);

        create temp table threads as
        select q.id, 'p' || q.id as thread, q.title, q.id as question
        from posts q where q.posttypeid = '1'
        union all
        select a.id, 'p' || q.id, q.title, q.id
        from posts a join posts q on q.id = a.parentid where a.posttypeid = '2' and q.posttypeid = '1';
        create unique index on threads (id);

        -- What was changed at once has one RevisionGUID.
        create temp table revisions as
        with changes as (
            select postid, min(id::bigint) as id, min(creationdate::timestamptz) as at,
                max(text) filter (where posthistorytypeid in ('2', '5', '8')) as body,
                max(text) filter (where posthistorytypeid in ('1', '4', '7')) as title,
                max(comment) as comment, max(userid) as userid, max(userdisplayname) as username,
                json_agg(posthistorytypeid order by posthistorytypeid) as changed
            from posthistory where posthistorytypeid in ('1', '2', '3', '4', '5', '6', '7', '8', '9')
            group by postid, revisionguid
        ), numbered as (
            select *, row_number() over post as number, count(body) over post as bodies, count(title) over post as titles
            from changes window post as (partition by postid order by at, id)
        )
        select postid, number, at, userid, username, comment, changed,
            max(body) over (partition by postid, bodies) as body, max(title) over (partition by postid, titles) as title,
            number = max(number) over (partition by postid) as is_last, count(*) over (partition by postid) as count
        from numbered;
        create index on revisions (postid);
        create index on comments (postid);
        analyze people; analyze threads; analyze revisions; analyze comments; analyze posts;
        """;

    private const string Posts = """
        insert into lines (thread, kind, at, line)
        select t.thread, 0, p.creationdate::timestamptz, json_strip_nulls(json_build_object(
            'source', $1, 'thread', t.thread, 'thread_title', t.title, 'post', 'p' || p.id,
            'parent', case p.posttypeid when '2' then t.thread end,
            'kind', case p.posttypeid when '1' then 'question' else 'answer' end,
            'author', coalesce(u.name, p.ownerdisplayname, 'user' || p.owneruserid, 'anonymous'),
            'author_id', coalesce('u' || p.owneruserid, 'name ' || p.ownerdisplayname),
            'posted_at', pg_temp.iso(p.creationdate::timestamptz), 'score', p.score::int, 'tags', p.tags,
            'accepted', case when q.acceptedanswerid = p.id then true end, 'license', p.contentlicense,
            'format', case when r.body is null then 'text' else 'markdown' end,
            'body', coalesce(r.body, b.body, '')))
        from posts p join threads t using (id) join posts q on q.id = t.question
            left join people u on u.id = p.owneruserid
            left join revisions r on r.postid = p.id and r.is_last
            left join bare b on b.id = p.id
        order by p.creationdate, p.id::bigint
        """;

    /// <summary>A comment that begins with <c>@Name</c> answers that person's latest comment before it.</summary>
    private const string Comments = """
        insert into lines (thread, kind, at, line)
        with named as (
            select c.*, coalesce(u.name, c.userdisplayname, 'user' || c.userid, 'anonymous') as name
            from comments c left join people u on u.id = c.userid
        )
        select t.thread, 0, c.creationdate::timestamptz, json_strip_nulls(json_build_object(
            'source', $1, 'thread', t.thread, 'thread_title', t.title, 'post', 'c' || c.id,
            'parent', coalesce('c' || answered.id, 'p' || c.postid), 'kind', 'comment',
            'author', c.name, 'author_id', coalesce('u' || c.userid, 'name ' || c.userdisplayname), 'posted_at', pg_temp.iso(c.creationdate::timestamptz),
            'score', c.score::int, 'format', 'markdown', 'body', coalesce(c.text, '')))
        from named c join threads t on t.id = c.postid
            left join lateral (
                select o.id from comments o left join people u on u.id = o.userid
                where o.postid = c.postid and (o.creationdate, o.id::bigint) < (c.creationdate, c.id::bigint)
                    and starts_with(
                        lower(replace(coalesce(u.name, o.userdisplayname), ' ', '')),
                        lower(substring(c.text from '^@(\w{3,})')))
                order by o.creationdate desc, o.id::bigint desc limit 1
            ) answered on true
        order by c.creationdate, c.id::bigint
        """;

    private const string Revisions = """
        insert into lines (thread, kind, at, line)
        select t.thread, 1, r.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', t.thread, 'post', 'p' || r.postid, 'revision', r.number,
            'author', coalesce(u.name, r.username, 'user' || r.userid, 'anonymous'),
            'author_id', coalesce('u' || r.userid, 'name ' || r.username),
            'at', pg_temp.iso(r.at), 'comment', r.comment, 'title', r.title, 'changed', r.changed, 'text', r.body))
        from revisions r join threads t on t.id = r.postid left join people u on u.id = r.userid
        where r.count > 1
        order by r.postid::bigint, r.number
        """;

    private const string Acts = """
        insert into lines (thread, kind, at, line)
        select t.thread, 2, h.creationdate::timestamptz, json_strip_nulls(json_build_object(
            'source', $1, 'thread', t.thread, 'post', 'p' || h.postid, 'event', e.name,
            'actor', coalesce(u.name, h.userdisplayname, h.text::json ->> 0), 'actor_id', 'u' || h.userid, 'voters', h.text::json,
            'at', pg_temp.iso(h.creationdate::timestamptz), 'comment', h.comment))
        from (select id, postid, posthistorytypeid, creationdate, userid, userdisplayname, comment,
                case when posthistorytypeid in ('10', '11', '12', '13') then text end as text
            from posthistory) h
            join threads t on t.id = h.postid
            join (values ('10', 'closed'), ('11', 'reopened'), ('12', 'deleted'), ('13', 'undeleted'), ('14', 'locked'),
                ('15', 'unlocked'), ('16', 'community-owned'), ('17', 'migrated'), ('18', 'merged'), ('19', 'protected'),
                ('20', 'unprotected'), ('22', 'unmerged'), ('25', 'tweeted'), ('31', 'comments-moved'),
                ('33', 'notice-added'), ('34', 'notice-removed'), ('35', 'migrated-away'), ('36', 'migrated-here'),
                ('37', 'merge-source'), ('38', 'merge-destination'), ('50', 'bumped'), ('52', 'hot-question-added'),
                ('53', 'hot-question-removed')) e (type, name) on e.type = h.posthistorytypeid
            left join people u on u.id = h.userid
        order by h.creationdate, h.id::bigint
        """;

    public static readonly IReadOnlyList<string> All = [Posts, Comments, Revisions, Acts];
}
