-- An assistant answers for one organization: an id that another has entered is refused with a sentence instead of the name of a
-- constraint. It runs as its owner, so that it sees the rows of all; two who enter an id at the same moment meet the constraint.
create or replace function private.enforce_assistant_claim() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from public.vapi_assistants as a
        where a.vapi_assistant_id = new.vapi_assistant_id and a.organization_id <> new.organization_id
    ) then
        raise unique_violation using message = format(
            'assistant %s is another organization''s; an assistant answers for one only', new.vapi_assistant_id
        );
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_assistant_claim() from public;

create or replace trigger enforce_assistant_claim
before insert or update of vapi_assistant_id on public.vapi_assistants
for each row
execute function private.enforce_assistant_claim();
