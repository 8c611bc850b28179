-- A firm keeps an owner, and nobody makes themselves one.
begin;

select no_plan();

select is(
    tests.attempt('olivia', 'delete from public.organization_members where user_id = tests.person(''olivia'')'),
    '23514 an organization must keep an owner; make somebody else owner first',
    'the last owner cannot leave'
);
select is(
    tests.attempt('olivia', 'update public.organization_members set role = ''admin'' where role = ''owner'''),
    '23514 an organization must keep an owner; make somebody else owner first',
    'the last owner cannot step down'
);
select is(
    tests.attempt('service_role', 'delete from auth.users where id = tests.person(''olivia'')'),
    'refused',
    'a backend may not delete accounts here'
);
select is(
    tests.attempt('adam', 'update public.organization_members set role = ''owner'' where user_id = tests.person(''adam'')'),
    'refused',
    'an admin cannot make himself owner'
);
select is(
    tests.attempt('adam', 'update public.organization_members set role = ''owner'' where user_id = tests.person(''max'')'),
    'refused',
    'an admin cannot make anybody owner'
);
select is(
    tests.attempt(
        'adam',
        'insert into public.organization_members (organization_id, user_id, role)
         values (tests.firm(''north''), tests.person(''nobody''), ''owner'')'
    ),
    'refused',
    'an admin cannot bring an owner in'
);
select is(
    tests.attempt(
        'olivia',
        format(
            'insert into public.organization_members (organization_id, user_id, role) values (tests.firm(''north''), %L, %L)',
            tests.person(w.who), w.role
        )
    ),
    'refused',
    format('an owner cannot make %s %s without being asked', w.who, w.role)
)
from (values ('nobody', 'member'), ('nobody', 'owner'), ('otto', 'admin')) as w (who, role);
select is(
    tests.attempt(
        w.who,
        'update public.organization_members set user_id = tests.person(''nobody'') where user_id = tests.person(''max'')'
    ),
    w.hears,
    format('%s cannot hand a membership to another user', w.who)
)
from (
    values
    ('olivia', '23514 a membership stays with its user; invite the other user instead'),
    ('adam', '23514 a membership stays with its user; invite the other user instead'),
    ('service_role', '23514 a membership stays with its user; invite the other user instead'),
    ('mia', 'nothing')
) as w (who, hears);
select is(
    tests.attempt(
        'olivia',
        'update public.organization_members set user_id = tests.person(''nobody'') where user_id = tests.person(''olivia'')'
    ),
    '23514 a membership stays with its user; invite the other user instead',
    'an owner cannot hand even their own to somebody who was not asked'
);
select is(
    tests.sees('olivia', 'select count(*) from public.user_profiles where email like ''nobody%'''),
    '0',
    'and reads neither name nor address of somebody who is no member'
);
select is(
    tests.attempt('adam', 'update public.organization_members set role = ''member'' where user_id = tests.person(''olivia'')'),
    'nothing',
    'an admin cannot demote an owner'
);
select is(
    tests.attempt('adam', 'delete from public.organization_members where user_id = tests.person(''olivia'')'),
    'nothing',
    'an admin cannot remove an owner'
);
select is(
    tests.attempt(
        'adam',
        'insert into public.organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
         values (tests.firm(''north''), auth.uid(), ''adam2@example.com'', ''owner'', gen_random_uuid()::text)'
    ),
    'refused',
    'an admin cannot invite an owner'
);
select is(
    tests.attempt(
        'adam',
        'update public.organization_invitations set role = ''owner'' where organization_id = tests.firm(''north'')'
    ),
    'refused',
    'an admin cannot turn an invitation into one for an owner'
);
select is(
    tests.attempt('olivia', 'update public.organizations set id = gen_random_uuid()'),
    'refused',
    'a firm keeps its id'
);
select is(
    tests.attempt('mia', 'update public.organization_members set role = ''admin'' where user_id = tests.person(''mia'')'),
    'nothing',
    'a member cannot promote herself'
);
select is(
    tests.attempt('mia', 'delete from public.organization_members where user_id = tests.person(''mia'')'),
    'yes',
    'a member may leave'
);
select is(
    tests.attempt('mia', 'delete from public.organization_members', keeps => true),
    'yes',
    'a member who deletes all memberships ...'
);
select is(
    (select count(*) from public.organization_members as m where m.organization_id = tests.firm('north')),
    3::bigint,
    '... deletes her own'
);
select is(
    tests.attempt(
        'olivia',
        'update public.organization_members set role = ''owner'' where user_id = tests.person(''max'')',
        keeps => true
    ),
    'yes',
    'an owner makes another owner ...'
);
select is(
    tests.attempt('olivia', 'delete from public.organization_members where user_id = tests.person(''olivia'')'),
    'yes',
    '... and may then leave'
);
select is(
    tests.attempt('olivia', 'delete from public.organization_members where role = ''owner'''),
    '23514 an organization must keep an owner; make somebody else owner first',
    'two owners cannot be removed at once'
);
select is(
    tests.attempt('olivia', 'delete from public.organizations where id = tests.firm(''north'')'),
    'yes',
    'an owner may close the firm, and its last owner goes with it'
);
select is(
    tests.attempt('olivia', 'delete from public.organizations', keeps => true),
    'yes',
    'an owner who deletes every firm ...'
);
select is((select string_agg(o.name, ' ') from public.organizations as o), 'south', '... deletes her own');

select * from finish();
rollback;
