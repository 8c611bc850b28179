-- Nobody is held in an organization: a sole owner may leave it on purpose, and may close the account they sign in with. What they
-- leave without an owner is the operator's to give one, and the staff are told.
begin;

select no_plan();

create function pg_temp.owners(firm text) returns text
language sql
return (
    select string_agg(p.name, ' ' order by p.name)
    from public.organization_members as m
    inner join tests.people as p on p.id = m.user_id
    where m.organization_id = tests.firm(owners.firm) and m.role = 'owner'
);

create function pg_temp.told(firm text) returns bigint
language sql
return (
    select count(*) from public.staff_tasks as t
    where t.organization_id = tests.firm(told.firm) and t.kind = 'owner' and t.status = 'open'
);

-- Others than the last owner leave without a word.
select is(
    tests.attempt('mia', 'select public.leave_organization(tests.firm(''north''))', keeps => true),
    'yes',
    'a member leaves'
);
select is(
    tests.attempt('mia', 'select public.leave_organization(tests.firm(''north''))'),
    'P0002 you are no member of this organization',
    'once'
);
select is(
    tests.attempt(w.who, 'select public.leave_organization(tests.firm(''north''))'),
    w.hears,
    format('%s has nothing to leave', w.who)
)
from (
    values
    ('otto', 'P0002 you are no member of this organization'),
    ('nobody', 'P0002 you are no member of this organization'),
    ('anon', 'refused'),
    ('service of north', 'refused')
) as w (who, hears);
select is(pg_temp.told('north'), 0::bigint, 'nobody is told of that');

-- Somebody was made an owner, and the other owner left: they are held to nothing.
select is(
    tests.attempt(
        'olivia',
        'update public.organization_members set role = ''owner'' where user_id = tests.person(''max'')',
        keeps => true
    ),
    'yes',
    'an owner makes a member owner'
);
select is(
    tests.attempt('olivia', 'select public.leave_organization(tests.firm(''north''))', keeps => true),
    'yes',
    'and leaves'
);
select is(pg_temp.owners('north'), 'max', 'who is now the only owner ...');
select is(pg_temp.told('north'), 0::bigint, '... so that nobody needs to be told');
select is(
    tests.attempt('max', 'delete from public.organization_members where user_id = tests.person(''max'')'),
    '23514 an organization must keep an owner; make somebody else owner first',
    '... does not leave by mistake ...'
);
select is(
    tests.attempt('max', 'select public.leave_organization(tests.firm(''north''))', keeps => true),
    'yes',
    '... but on purpose'
);
select is(pg_temp.owners('north'), null, 'the organization has no owner');
select is(pg_temp.told('north'), 1::bigint, 'its staff are told');
select is(
    tests.sees('adam', 'select count(*) from public.staff_tasks where kind = ''owner'''),
    '1',
    'an admin reads it'
);
select is(
    tests.attempt('adam', 'update public.organization_members set role = ''owner'' where user_id = tests.person(''adam'')'),
    'refused',
    'and is not the owner for that'
);

-- An operator gives it one, and it keeps that one.
insert into public.organization_members (organization_id, user_id, role)
values (tests.firm('north'), tests.person('olivia'), 'owner');
select is(
    tests.attempt('olivia', 'delete from public.organization_members where user_id = tests.person(''olivia'')'),
    '23514 an organization must keep an owner; make somebody else owner first',
    'leaving on purpose was for that once'
);

-- The account of a sole owner can be closed.
delete from auth.users where id = tests.person('otto');
select is(pg_temp.owners('south'), null, 'an account is closed, and its membership goes with it');
select is(pg_temp.told('south'), 1::bigint, 'and the staff are told');
select is(
    (select count(*) from public.organizations as o where o.id = tests.firm('south')),
    1::bigint,
    'the organization stays'
);

-- Two owners whose accounts are closed at once.
update public.organization_members set role = 'owner' where user_id = tests.person('adam');
delete from auth.users where id in (tests.person('olivia'), tests.person('adam'));
select is(pg_temp.owners('north'), null, 'two owners close their accounts at once');
select is(pg_temp.told('north'), 2::bigint, 'and the staff are told once more');

select * from finish();
rollback;
