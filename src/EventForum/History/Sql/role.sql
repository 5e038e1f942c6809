-- Makes the role that reads the views of the schema history, and nothing else. Run it in the forum's database as a superuser,
-- or as who has CREATEROLE and owns the database. It does nothing where it was done.

do $$
begin
    if not exists (select from pg_roles where rolname = 'eventforum_reader')
       and (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) then
        create role eventforum_reader login noinherit connection limit 50;
        alter role eventforum_reader set search_path = history;
        alter role eventforum_reader set default_transaction_read_only = on;
        alter role eventforum_reader set statement_timeout = '30s';
        alter role eventforum_reader set lock_timeout = '5s';
        alter role eventforum_reader set idle_in_transaction_session_timeout = '30s';
    end if;
exception when duplicate_object or unique_violation then
    null; -- It was made at the same moment, from another database.
end
$$;

-- Who may make temporary tables may also make functions, in pg_temp.
do $$
begin
    if (select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()) then
        execute format('revoke temporary on database %I from public', current_database());
    end if;
end
$$;

do $$
begin
    if to_regnamespace('history') is not null and exists (select from pg_roles where rolname = 'eventforum_reader') then
        grant usage on schema history to eventforum_reader;
        grant select on all tables in schema history to eventforum_reader;
    end if;
end
$$;
