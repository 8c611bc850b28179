-- Makes the signed-in user a member, by the token of an invitation that was sent to their own confirmed address. Returns the
-- organization. It runs as its owner, because nobody may see or join an organization before. One that is unknown, used, or for
-- another address answers with the same words, so that a found token tells nothing. The address is that of the account: what a
-- token claims of its user can be edited by that user.
--
-- It counts only while whoever invited may still do so. Who is a member already keeps the higher of both roles.
create or replace function public.accept_invitation(token text) returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    digest constant text := 'sha256:' || encode(sha256(convert_to(accept_invitation.token, 'UTF8')), 'hex');
    invitation record;
    address text;
begin
    select u.email
    into address
    from auth.users as u
    where u.id = (select auth.uid()) and u.email_confirmed_at is not null;
    if address is null then
        raise insufficient_privilege using message = 'sign in with a confirmed e-mail address to accept an invitation';
    end if;
    select i.*
    into invitation
    from public.organization_invitations as i
    where i.token = digest and i.status = 'pending' and lower(i.invited_email) = lower(address)
    for update;
    if not found or not exists (
        select
        from public.organization_members as m
        where
            m.organization_id = invitation.organization_id
            and m.user_id = invitation.invited_by_user_id
            and (m.role = 'owner' or (m.role = 'admin' and invitation.role <> 'owner'))
    ) then
        raise no_data_found using message = 'this invitation is not valid';
    end if;
    if invitation.expires_at <= now() then
        raise no_data_found using message = 'this invitation has expired; ask for a new one';
    end if;

    insert into public.organization_members as m (organization_id, user_id, role)
    values (invitation.organization_id, (select auth.uid()), invitation.role)
    on conflict (organization_id, user_id) do update
    set role = excluded.role
    where
        array_position('{member,admin,owner}'::text[], excluded.role::text)
        > array_position('{member,admin,owner}'::text[], m.role::text);
    update public.organization_invitations as i set status = 'accepted' where i.id = invitation.id;
    return invitation.organization_id;
end
$$;

revoke execute on function public.accept_invitation(text) from public, anon;
grant execute on function public.accept_invitation(text) to authenticated;
