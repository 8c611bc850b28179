-- The states of a transfer in the order in which it goes through them; three are an end.
create or replace function private.transfer_rank(status text) returns integer
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
return case status
    when 'initiated' then 0
    when 'connecting' then 1
    when 'connected' then 2
    when 'completed' then 3
    when 'failed' then 3
    when 'no_answer' then 3
end;

revoke execute on function private.transfer_rank(text) from public;
grant execute on function private.transfer_rank(text) to frontdesk_app;

-- Whether a report moves a transfer: forward only. Of somebody who picked up nothing else can be learned than that
-- it was a machine, or that they did not take the caller.
create or replace function private.transfer_moves(old_status text, new_status text, new_outcome text) returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
return coalesce(
    private.transfer_rank(new_status) > coalesce(private.transfer_rank(old_status), 0)
    and (old_status <> 'connected' or new_status = 'completed' or new_outcome in ('voicemail', 'declined')),
    false
);

revoke execute on function private.transfer_moves(text, text, text) from public;
grant execute on function private.transfer_moves(text, text, text) to frontdesk_app;

-- The status of a transfer only moves forward, whoever writes it, and its times are not rewritten. What would go back is left out and refused to nobody: a
-- client may write back a row that it read a while ago. A row that is read back from a file is left as it is. It runs as its owner, because a dashboard may not use schema private.
create or replace function private.enforce_transfer_status() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(current_setting('frontdesk.importing', true), '') = 'on' then
        if private.is_importing() then
            return new;
        end if;
    end if;
    if tg_op = 'UPDATE' then
        if not private.transfer_moves(old.status, new.status, new.outcome) then
            new.status := old.status;
            new.outcome := old.outcome;
        end if;
        new.connected_at := old.connected_at;
        new.completed_at := old.completed_at;
    end if;
    if new.status in ('connected', 'completed') then
        new.connected_at := coalesce(new.connected_at, private.clock());
    end if;
    if new.status in ('completed', 'failed', 'no_answer') then
        new.completed_at := coalesce(new.completed_at, private.clock());
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_transfer_status() from public;

create or replace trigger enforce_transfer_status
before insert or update of status, outcome, connected_at, completed_at on public.call_transfers
for each row
execute function private.enforce_transfer_status();
