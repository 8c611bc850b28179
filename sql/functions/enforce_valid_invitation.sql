-- What may be written about an invitation. The token is stored as its hash, whoever writes it; short ones could be guessed and
-- are refused. It always expires, and once it is settled it stays as it is, so that it works once. Who changes for whom it
-- counts answers for it, since it counts only while its inviter may invite.
create or replace function private.enforce_valid_invitation() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and old.status is distinct from 'pending' then
        raise check_violation using message = format(
            'this invitation is %s and cannot be changed; make a new one', coalesce(old.status, 'settled')
        );
    end if;
    if tg_op = 'UPDATE'
        and new.invited_by_user_id <> old.invited_by_user_id
        and new.invited_by_user_id <> (select auth.uid())
    then
        raise check_violation using message = 'an invitation is taken over in one''s own name only';
    end if;
    -- A row that was read and is written back by an upsert has the hash already.
    if new.token !~ '^sha256:[0-9a-f]{64}$' and (tg_op = 'INSERT' or new.token is distinct from old.token) then
        if length(new.token) < 16 then
            raise check_violation using message = 'the token is too short; allowed are random ones of 16 characters or more';
        end if;
        new.token := 'sha256:' || encode(sha256(convert_to(new.token, 'UTF8')), 'hex');
    end if;
    new.invited_email := trim(new.invited_email);
    new.expires_at := coalesce(new.expires_at, now() + interval '7 days');
    if not isfinite(new.expires_at) then
        raise check_violation using message = format(
            'expires_at is %s; allowed is a moment that comes', new.expires_at
        );
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_valid_invitation() from public;

create or replace trigger enforce_valid_invitation
before insert or update on public.organization_invitations
for each row
execute function private.enforce_valid_invitation();
