-- The four functions of pgTAP (https://pgtap.org) that the stories use, for servers that do not have the extension: it is a package
-- of Debian's for one version of PostgreSQL, while these tests run on whatever server was found or installed. Where pgTAP is
-- installed, leave this file out and the stories run under pg_prove as they are.
create schema tap;

create table tap.results (nth integer generated always as identity, passed boolean not null);

create function public.no_plan() returns setof text
language sql
begin atomic
    select null::text where false;
end;

create function public.ok(passed boolean, description text) returns text
language plpgsql
as $$
declare
    nth integer;
begin
    insert into tap.results as r (passed) values (coalesce(ok.passed, false)) returning r.nth into nth;
    return format('%s %s - %s', case when ok.passed then 'ok' else 'not ok' end, nth, description);
end
$$;

create function public.is(have anyelement, want anyelement, description text) returns text
language plpgsql
as $$
begin
    return public.ok(have is not distinct from want, description)
        || case
            when have is distinct from want then format(E'\n#         have: %s\n#         want: %s', have, want)
            else ''
        end;
end
$$;

create function public.finish() returns setof text
language sql
begin atomic
    select format('1..%s', count(*)) from tap.results;
end;
