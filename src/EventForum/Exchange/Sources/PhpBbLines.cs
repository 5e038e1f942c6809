namespace EventForum.Exchange.Sources;

/// <summary>How the tables of a phpBB become lines.</summary>
internal static class PhpBbLines
{
    /// <summary>What guests may read of it, and what is left out and why.</summary>
    public const string Prepare = """
        create index on bb_users (user_id);
        create index on bb_topics (topic_id);
        analyze bb_users; analyze bb_topics; analyze bb_posts; analyze bb_forums;

        -- Guests may read a forum where their group has the permission itself, or a role with it.
        create temp table sections as
        with reading as (select auth_option_id from bb_acl_options where auth_option = 'f_read'),
        open as (
            select distinct a.forum_id
            from bb_acl_groups a join bb_groups g on g.group_id = a.group_id and g.group_name = 'GUESTS'
                left join bb_acl_roles_data r on r.role_id = a.auth_role_id
                    and r.auth_option_id in (select auth_option_id from reading)
            where r.auth_setting = '1'
                or (a.auth_option_id in (select auth_option_id from reading) and a.auth_setting = '1')
        )
        select f.forum_id, case when count(*) over (partition by f.forum_name) > 1 and p.forum_name is not null
                then p.forum_name || ' / ' else '' end || f.forum_name as name,
            f.forum_password is not null
                or (exists (select from bb_acl_groups) and f.forum_id not in (select forum_id from open)) as is_restricted
        from bb_forums f left join bb_forums p on p.forum_id = f.parent_id;

        create temp table sorted as
        select p.*, 't' || p.topic_id as thread, t.topic_title as title, s.name as section,
            t.topic_status, t.topic_type, t.topic_time,
            case when p.poster_id = '1' then coalesce(nullif(p.post_username, ''), 'Guest')
                else coalesce(u.username, nullif(p.post_username, ''), 'user' || p.poster_id) end as author,
            to_timestamp(p.post_time::bigint) as at,
            case when t.topic_id is null then 'their topic is missing'
                when s.is_restricted then 'guests may not read their forum'
                when coalesce(p.post_visibility, p.post_approved, '1') in ('0', '3') then 'nobody approved them' end as why
        from bb_posts p left join bb_topics t using (topic_id) left join sections s on s.forum_id = t.forum_id
            left join bb_users u on u.user_id = p.poster_id;
        create temp table left_out as select thread, why from sorted where why is not null;
        create temp table shown as select * from sorted where why is null;
        drop table sorted;
        create index on shown (post_id);
        create index on shown (topic_id);
        analyze shown;
        """;

    private const string Posts = """
        insert into lines (thread, kind, at, line)
        select p.thread, 0, p.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'thread_title', p.title, 'post', 'p' || p.post_id,
            'parent', (select q ->> 'post' from json_array_elements(p.bbcode_uid::json) q
                where exists (select from shown a where 'p' || a.post_id = q ->> 'post' and a.topic_id = p.topic_id) limit 1),
            'section', p.section, 'author', p.author, 
            'author_id', case when p.poster_id <> '1' then 'u' || p.poster_id else 'guest ' || p.author end,
            'posted_at', pg_temp.iso(p.at), 'quotes', p.bbcode_uid::json,
            'edited_at', case when p.post_edit_time <> '0' then pg_temp.iso(to_timestamp(p.post_edit_time::bigint)) end,
            'edit_count', case when p.post_edit_time <> '0' then greatest(p.post_edit_count::int, 1) end,
            'edited_by', case when p.post_edit_time <> '0' then e.username end,
            'edited_by_id', case when p.post_edit_time <> '0' then 'u' || e.user_id end,
            'edit_reason', case when p.post_edit_time <> '0' then nullif(p.post_edit_reason, '') end,
            'format', 'bbcode', 'body', p.post_text))
        from shown p left join bb_users e on e.user_id = p.post_edit_user
        order by p.at, p.post_id::bigint
        """;

    private const string DeletedPosts = """
        insert into lines (thread, kind, at, line)
        select p.thread, 2, x.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', p.thread, 'post', 'p' || p.post_id, 'event', 'deleted',
            'actor', u.username, 'actor_id', 'u' || u.user_id,
            'at', pg_temp.iso(x.at), 'comment', nullif(p.post_delete_reason, '')))
        from shown p left join bb_users u on u.user_id = p.post_delete_user
            cross join lateral (select greatest(to_timestamp(coalesce(p.post_delete_time, '0')::bigint), p.at) as at) x
        where p.post_visibility = '2'
        order by x.at, p.post_id::bigint
        """;

    /// <summary>What the moderators' log tells of topics; of those that are closed or sticky now, at least that.</summary>
    private const string Topics = """
        insert into lines (thread, kind, at, line)
        select x.thread, 2, x.at, json_strip_nulls(json_build_object(
            'source', $1, 'thread', x.thread, 'event', x.event, 'actor', u.username, 'actor_id', 'u' || u.user_id, 'at', pg_temp.iso(x.at),
            'comment', x.comment))
        from (
            select 't' || l.topic_id as thread, e.event, l.user_id, to_timestamp(l.log_time::bigint) as at, null as comment
            from bb_log l join (values ('LOG_LOCK', 'closed'), ('LOG_UNLOCK', 'reopened')) e (operation, event)
                on e.operation = l.log_operation
            union all
            select thread, 'closed', null, max(at), 'When, and by whom, is not known.'
            from shown p where topic_status = '1'
                and not exists (select from bb_log l where l.topic_id = p.topic_id and l.log_operation = 'LOG_LOCK')
            group by thread
            union all
            select thread, 'pinned.enabled', null, max(at), 'When, and by whom, is not known.'
            from shown where topic_type in ('1', '2', '3') group by thread
        ) x left join bb_users u on u.user_id = x.user_id
        where x.thread in (select thread from shown)
        order by x.at
        """;

    public static readonly IReadOnlyList<string> All = [Posts, DeletedPosts, Topics];
}
