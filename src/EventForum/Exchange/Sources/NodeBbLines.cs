namespace EventForum.Exchange.Sources;

/// <summary>How the objects of a NodeBB become lines.</summary>
internal static class NodeBbLines
{
    /// <summary>Its objects as tables; what guests may read of it, and what is left out and why.</summary>
    public const string Prepare = """
        create function pg_temp.at(ms text) returns timestamptz language sql return to_timestamp(ms::numeric / 1000);
        create temp table nb_users as select id as uid, data::json ->> 'username' as username from nb_hash where kind = 'user';
        create unique index on nb_users (uid);
        create temp table nb_diffs as
        select split_part(id, '.', 1) as pid, split_part(id, '.', 2) as at, data::json ->> 'uid' as uid,
            data::json ->> 'patch' as patch, data::json ->> 'title' as title
        from nb_hash where kind = 'diff';
        create index on nb_diffs (pid);

        create temp table sections as
        with categories as (
            select id as cid, data::json ->> 'name' as name, data::json ->> 'parentCid' as parent
            from nb_hash where kind = 'category'
        )
        select c.cid, coalesce(p.name || ' / ', '') || c.name as name,
            exists (select from nb_zset where key like 'group:cid:%') and not exists (
                select from nb_zset where key = 'group:cid:' || c.cid || ':privileges:groups:topics:read:members'
                    and value = 'guests') as is_restricted
        from categories c left join categories p on p.cid = c.parent;

        create temp table nb_topics as
        select h.id as tid, d ->> 'title' as title, s.name as section, s.is_restricted, d ->> 'deleted' = '1' as is_deleted,
            d ->> 'deleterUid' as deleter, d ->> 'locked' = '1' as is_locked, d ->> 'pinned' = '1' as is_pinned
        from nb_hash h cross join lateral (select h.data::json as d) j left join sections s on s.cid = d ->> 'cid'
        where kind = 'topic';
        create unique index on nb_topics (tid);

        create temp table nb_posts as
        select h.id as pid, d ->> 'tid' as tid, d ->> 'uid' as uid, d ->> 'content' as content, d ->> 'toPid' as answers,
            pg_temp.at(d ->> 'timestamp') as at, nullif(d ->> 'edited', '0') as edited, d ->> 'editor' as editor,
            d ->> 'deleted' = '1' as is_deleted, d ->> 'deleterUid' as deleter, nullif(d ->> 'upvotes', '0') as likes,
            coalesce(u.username, nullif(d ->> 'handle', ''), case when d ->> 'uid' = '0' then 'Guest' end, 'user' || (d ->> 'uid')) as author
        from nb_hash h cross join lateral (select h.data::json as d) j left join nb_users u on u.uid = d ->> 'uid'
        where kind = 'post';
        create unique index on nb_posts (pid);

        create temp table nb_events as
        select split_part(z.key, ':', 2) as tid, pg_temp.at(z.score) as at, h.data::json ->> 'type' as type,
            h.data::json ->> 'uid' as uid
        from nb_zset z join nb_hash h on h.kind = 'topicEvent' and h.id = z.value where z.key like 'topic:%';
        create index on nb_events (tid);

        create temp table left_out as
        select 't' || p.tid as thread, case when t.tid is null then 'their topic is missing'
            else 'guests may not read their category' end as why
        from nb_posts p left join nb_topics t using (tid) where t.tid is null or t.is_restricted;
        create temp table shown as
        select p.*, 't' || tid as thread, t.title, t.section, t.is_deleted as is_topic_deleted, t.deleter as topic_deleter,
            row_number() over (partition by tid order by at, pid::bigint) as number
        from nb_posts p join nb_topics t using (tid) where t.is_restricted is not true;
        create unique index on shown (pid);
        create index on shown (tid);
        analyze nb_users; analyze nb_diffs; analyze nb_topics; analyze nb_posts; analyze nb_events; analyze shown;
        """;

    private const string Posts = """
        insert into lines (thread, kind, at, line)
        select p.thread, 0, p.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'thread_title', p.title, 'post', 'p' || p.pid, 'parent', 'p' || a.pid,
            'section', p.section, 'author', p.author, 
            'author_id', case when p.uid <> '0' then 'u' || p.uid else 'guest ' || p.author end,
            'posted_at', pg_temp.iso(p.at), 'likes', p.likes::int,
            'edited_at', case when r.pid is null then pg_temp.iso(pg_temp.at(p.edited)) end,
            'edited_by', case when r.pid is null and p.edited is not null then e.username end,
            'edited_by_id', case when r.pid is null and p.edited is not null then 'u' || e.uid end,
            'format', 'markdown', 'body', coalesce(p.content, '')))
        from shown p left join shown a on a.pid = p.answers and a.tid = p.tid
            left join nb_users e on e.uid = p.editor
            left join nb_revisions r on r.pid = p.pid and r.revision = '1'
        order by p.at, p.pid::bigint
        """;

    /// <summary>A title that an edit does not name is that of the next one that does, and at last that of now.</summary>
    private const string Revisions = """
        insert into lines (thread, kind, at, line)
        select p.thread, 1, x.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'post', 'p' || r.pid, 'revision', r.revision::int,
            'author', case r.revision when '1' then p.author else coalesce(u.username, 'user' || r.uid, p.author) end,
            'author_id', case when r.revision = '1' or r.uid is null then case when p.uid <> '0' then 'u' || p.uid else 'guest ' || p.author end
                else 'u' || r.uid end,
            'at', pg_temp.iso(x.at), 'title', case when p.number = 1 then coalesce(t.title, p.title) end,
            'text', r.content))
        from nb_revisions r join shown p using (pid) left join nb_users u on u.uid = r.uid
            cross join lateral (select coalesce(pg_temp.at(r.at), p.at) as at) x
            left join lateral (
                select o.title from nb_revisions o
                where o.pid = r.pid and o.revision::int >= r.revision::int and o.title is not null
                order by o.revision::int limit 1
            ) t on p.number = 1
        order by r.pid::bigint, r.revision::int
        """;

    /// <summary>What the topic's events tell; of those that are locked, pinned or deleted now, at least that.</summary>
    private const string Acts = """
        insert into lines (thread, kind, at, line)
        select x.thread, 2, x.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', x.thread, 'post', x.post, 'event', x.event,
            'actor', u.username, 'actor_id', 'u' || u.uid,
            'at', pg_temp.iso(x.at), 'comment', x.comment))
        from (
            select 't' || e.tid as thread, null as post, n.event, e.uid, e.at, null as comment
            from nb_events e join (values ('lock', 'closed'), ('unlock', 'reopened'), ('pin', 'pinned.enabled'),
                ('unpin', 'pinned.disabled'), ('move', 'moved'), ('fork', 'split_topic')) n (type, event) using (type)
            union all
            select 't' || t.tid, null, n.event, null, (select max(at) from shown p where p.tid = t.tid),
                'When, and by whom, is not known.'
            from nb_topics t cross join lateral (values ('lock', 'closed', t.is_locked), ('pin', 'pinned.enabled', t.is_pinned))
                n (type, event, is_so)
            where n.is_so and not exists (select from nb_events e where e.tid = t.tid and e.type = n.type)
            union all
            select p.thread, 'p' || p.pid, 'deleted', coalesce(case when p.is_deleted then p.deleter end, e.uid, p.topic_deleter),
                greatest(p.at, case when p.is_deleted then pg_temp.at(p.edited) else e.at end), null
            from shown p left join lateral (select uid, at from nb_events e where e.tid = p.tid and e.type = 'delete'
                order by at desc limit 1) e on p.is_topic_deleted
            where p.is_deleted or p.is_topic_deleted
        ) x left join nb_users u on u.uid = x.uid
        where x.thread in (select thread from shown)
        order by x.at
        """;

    public static readonly IReadOnlyList<string> All = [Posts, Revisions, Acts];
}
