-- An invitation is accepted once, in time, by whom it was sent to; the table never holds what opens it.
begin;

select no_plan();

create function pg_temp.invite(
    email text,
    role text default 'member',
    token text default 'a token that is long',
    by_whom text default 'olivia'
)
returns text
language sql
return tests.attempt(
    by_whom,
    format(
        'insert into public.organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
         values (tests.firm(''north''), auth.uid(), %L, %L, %L)',
        email, role, token
    ),
    keeps => true
);

create function pg_temp.role_of(name text) returns text
language sql
return (
    select m.role::text from public.organization_members as m
    where m.organization_id = tests.firm('north') and m.user_id = tests.person(name)
);

delete from public.organization_invitations;

select is(pg_temp.invite(' NewComer@Example.com '), 'yes', 'an owner invites');
select is(
    (select i.token::text from public.organization_invitations as i),
    'sha256:' || encode(sha256('a token that is long'), 'hex'),
    'the table holds the hash'
);
select is(
    tests.attempt(
        'newcomer',
        (select format('select public.accept_invitation(%L)', i.token) from public.organization_invitations as i)
    ),
    'P0002 this invitation is not valid',
    'which does not open it'
);
select is(
    pg_temp.invite('newcomer@example.com', token => 'too short'),
    '23514 the token is too short; allowed are random ones of 16 characters or more',
    'a token that can be guessed is refused'
);

select is(
    tests.attempt(w.who, 'select public.accept_invitation(''a token that is long'')'),
    w.hears,
    format('%s cannot accept it', w.who)
)
from (
    values
    ('nobody', 'P0002 this invitation is not valid'),
    ('otto', 'P0002 this invitation is not valid'),
    ('anon', 'refused'),
    ('service of north', 'refused')
) as w (who, hears);

select is(
    tests.attempt('newcomer', 'select public.accept_invitation(''another token altogether'')'),
    'P0002 this invitation is not valid',
    'a wrong token is not valid'
);

update auth.users set email_confirmed_at = null where id = tests.person('newcomer');
select is(
    tests.attempt('newcomer', 'select public.accept_invitation(''a token that is long'')'),
    'refused',
    'an address that is not confirmed is nobody''s'
);
update auth.users set email_confirmed_at = now() where id = tests.person('newcomer');

update public.organization_invitations set expires_at = now() - interval '1 second';
select is(
    tests.attempt('newcomer', 'select public.accept_invitation(''a token that is long'')'),
    'P0002 this invitation has expired; ask for a new one',
    'one that is over is not accepted'
);
update public.organization_invitations set expires_at = null;
select is(
    (select i.expires_at > now() + interval '6 days' from public.organization_invitations as i),
    true,
    'none lasts for ever'
);

select is(
    tests.attempt('newcomer', 'select public.accept_invitation(''a token that is long'')', keeps => true),
    'yes',
    'whom it was sent to accepts it'
);
select is(pg_temp.role_of('newcomer'), 'member', 'and is a member');
select is((select i.status::text from public.organization_invitations as i), 'accepted', 'it is settled');
select is(
    tests.attempt('newcomer', 'select public.accept_invitation(''a token that is long'')'),
    'P0002 this invitation is not valid',
    'and works once'
);
select is(
    tests.attempt('olivia', 'update public.organization_invitations set status = ''pending'''),
    '23514 this invitation is accepted and cannot be changed; make a new one',
    'it is not opened again'
);

select is(pg_temp.invite('nobody@example.com', 'member', 'a token for nobody'), 'yes', 'an owner invites another');
select is(
    tests.attempt(
        'olivia',
        'insert into public.organization_invitations (id, organization_id, invited_by_user_id, invited_email, role, token)
         select i.id, i.organization_id, i.invited_by_user_id, i.invited_email, i.role, i.token
         from public.organization_invitations as i where i.invited_email = ''nobody@example.com''
         on conflict (id) do update set token = excluded.token',
        keeps => true
    ),
    'yes',
    'and writes back what she read ...'
);
select is(
    tests.attempt('nobody', 'select public.accept_invitation(''a token for nobody'')'),
    'yes',
    '... which the token still opens'
);
select is(
    tests.attempt('olivia', 'update public.organization_invitations set expires_at = ''infinity'' where status = ''pending'''),
    '23514 expires_at is infinity; allowed is a moment that comes',
    'nor is one made to last for ever'
);

-- Who is a member already keeps the higher role.
select is(pg_temp.invite('adam@example.com', 'member', 'for adam, as a member'), 'yes', 'an admin is invited as a member');
select is(tests.attempt('adam', 'select public.accept_invitation(''for adam, as a member'')', keeps => true), 'yes', 'and accepts');
select is(pg_temp.role_of('adam'), 'admin', 'and stays admin');
select is(pg_temp.invite('max@example.com', 'admin', 'for max, as an admin'), 'yes', 'a member is invited as an admin');
select is(tests.attempt('max', 'select public.accept_invitation(''for max, as an admin'')', keeps => true), 'yes', 'and accepts');
select is(pg_temp.role_of('max'), 'admin', 'and is admin');

-- What somebody invited counts only while they may still do so.
select is(pg_temp.invite('nobody@example.com', 'member', 'from adam, an admin', 'adam'), 'yes', 'an admin invites');
update public.organization_members set role = 'member' where user_id = tests.person('adam');
select is(
    tests.attempt('nobody', 'select public.accept_invitation(''from adam, an admin'')'),
    'P0002 this invitation is not valid',
    'an admin who is none any more has invited nobody'
);
select is(
    pg_temp.invite('nobody@example.com', 'member', 'in the name of olivia', 'mia'),
    'refused',
    'a member invites nobody'
);
update public.organization_members set role = 'admin' where user_id = tests.person('adam');
select is(
    tests.attempt(
        'adam',
        'update public.organization_invitations set invited_by_user_id = tests.person(''olivia'') where status = ''pending'''
    ),
    '23514 an invitation is taken over in one''s own name only',
    'nobody invites in somebody else''s name'
);

select * from finish();
rollback;
