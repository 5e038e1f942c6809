namespace EventForum.Exchange.Sources;

/// <summary>How the tables of a Discourse become lines.</summary>
internal static class DiscourseLines
{
    /// <summary>What is public of it, and what is left out and why; the texts that posts had, in the order that they had them.</summary>
    public const string Prepare = """
        create index on users (id);
        create index on topics (id);
        analyze users; analyze topics; analyze posts; analyze post_revisions; analyze categories;

        create temp table sections as
        select c.id, coalesce(p.name || ' / ', '') || c.name as name,
            coalesce(c.read_restricted, 'f') = 't' or coalesce(p.read_restricted, 'f') = 't' as is_restricted
        from categories c left join categories p on p.id = c.parent_category_id;

        create temp table sorted as
        select p.*, 't' || p.topic_id as thread, t.title, s.name as section,
            t.deleted_at as topic_deleted_at, t.deleted_by_id as topic_deleted_by,
            coalesce(u.username, p.username, 'user' || p.user_id, 'nobody') as author,
            case when t.id is null then 'their topic is missing'
                when t.archetype = 'private_message' then 'they are private messages'
                when s.is_restricted then 'not everyone may read their category'
                when p.post_type = '4' then 'they are whispers' end as why
        from posts p left join topics t on t.id = p.topic_id left join sections s on s.id = t.category_id
            left join users u on u.id = p.user_id;
        create temp table left_out as select thread, why from sorted where why is not null;
        create temp table shown as select * from sorted where why is null;
        drop table sorted;
        create index on shown (topic_id, post_number);
        create index on shown (id);

        create temp table revisions as
        with known as (
            -- A text that was hidden is left out; what came after it stays.
            select r.* from post_revisions r where coalesce(r.hidden, 'f') <> 't'
        ), steps as (
            select post_id, number::int as number, created_at::timestamptz as at, user_id, reason, raw, title from known
            union all
            select post_id, 1, null, null, null, (array_agg(raw_before order by number::int) filter (where raw_before is not null))[1],
                (array_agg(title_before order by number::int) filter (where title_before is not null))[1]
            from known group by post_id
        ), numbered as (
            select *, row_number() over post as revision, count(raw) over post as raws, count(title) over post as titles
            from steps window post as (partition by post_id order by number)
        )
        select post_id, revision, at, user_id, reason, revision = max(revision) over (partition by post_id) as is_last,
            max(raw) over (partition by post_id, raws) as raw, max(title) over (partition by post_id, titles) as title
        from numbered;
        create index on revisions (post_id);
        analyze shown; analyze revisions;
        """;

    private const string Posts = """
        insert into lines (thread, kind, at, line)
        select p.thread, 0, p.created_at::timestamptz, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'thread_title', p.title, 'post', 'p' || p.id, 'parent', 'p' || a.id,
            'section', p.section, 'author', p.author, 'author_id', 'u' || p.user_id, 'post_number', p.post_number::int,
            'posted_at', pg_temp.iso(p.created_at::timestamptz), 'likes', nullif(p.like_count::int, 0),
            'edited_at', case when e.is_edited then pg_temp.iso(p.last_version_at::timestamptz) end,
            'edit_count', case when e.is_edited then p.version::int - 1 end,
            'edited_by', case when e.is_edited then u.username end,
            'edited_by_id', case when e.is_edited then 'u' || u.id end,
            'edit_reason', case when e.is_edited then nullif(p.edit_reason, '') end,
            'format', coalesce(p.format, 'markdown'), 'body', coalesce(p.raw, '')))
        from shown p
            left join shown a on a.topic_id = p.topic_id and a.post_number = p.reply_to_post_number
            left join users u on u.id = p.last_editor_id
            cross join lateral (select p.version::int > 1 and p.last_version_at is not null
                and not exists (select from revisions r where r.post_id = p.id) as is_edited) e
        where coalesce(p.post_type, '1') <> '3'
        order by p.created_at::timestamptz, p.post_number::int
        """;

    private const string Revisions = """
        insert into lines (thread, kind, at, line)
        select p.thread, 1, coalesce(r.at, p.created_at::timestamptz), json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'post', 'p' || p.id, 'revision', r.revision,
            'author', case r.revision when 1 then p.author else coalesce(u.username, 'user' || r.user_id, 'nobody') end,
            'author_id', 'u' || case r.revision when 1 then p.user_id else r.user_id end,
            'at', pg_temp.iso(coalesce(r.at, p.created_at::timestamptz)), 'comment', nullif(r.reason, ''),
            'title', case when p.post_number = '1' then case when r.is_last then p.title else r.title end end,
            'format', p.format, 'text', case when r.is_last then p.raw else coalesce(r.raw, p.raw) end))
        from revisions r join shown p on p.id = r.post_id left join users u on u.id = r.user_id
        where coalesce(p.post_type, '1') <> '3'
        order by r.post_id::bigint, r.revision
        """;

    /// <summary>What was done to topics stands between their posts; of a deleted topic, every post is.</summary>
    private const string Acts = """
        insert into lines (thread, kind, at, line)
        select p.thread, 2, x.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'post', x.post, 'event', x.event,
            'actor', coalesce(u.username, x.name), 'actor_id', 'u' || x.actor, 'at', pg_temp.iso(x.at), 'comment', x.comment))
        from shown p cross join lateral (
            select null as post, regexp_replace(p.action_code, '^autoclosed\.', 'closed.') as event, p.user_id as actor,
                p.username as name, p.created_at::timestamptz as at, nullif(p.raw, '') as comment
            where p.post_type = '3' and p.action_code is not null
            union all
            select 'p' || p.id, 'deleted', coalesce(p.deleted_by_id, p.topic_deleted_by), null,
                coalesce(p.deleted_at, p.topic_deleted_at)::timestamptz, null
            where p.post_type is distinct from '3' and coalesce(p.deleted_at, p.topic_deleted_at) is not null
            union all
            select 'p' || p.id, 'post.hidden', null, null, coalesce(p.hidden_at, p.updated_at, p.created_at)::timestamptz, null
            where p.post_type is distinct from '3' and p.hidden in ('t', 'true')
        ) x left join users u on u.id = x.actor
        order by x.at, p.post_number::int
        """;

    public static readonly IReadOnlyList<string> All = [Posts, Revisions, Acts];
}
