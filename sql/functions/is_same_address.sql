-- Whether the street of one address may be the street of the other with the word behind it, where it is not told what that word is: "12
-- Elm Denver" may be "12 Elm Street, Denver", and "12 Spring Hill Road" may be called "12 Spring Hill".
create or replace function private.is_longer_street(one jsonb, other jsonb) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        not one ? 'suffix' and not one ? 'city' and one ->> 'street' = (other ->> 'street') || (other ->> 'city')
        or one ->> 'street' = (other ->> 'street') || (other ->> 'suffix')
        and not private.address_words() -> 'strong' ? (other ->> 'suffix'),
        false
    );
end
$$;

revoke execute on function private.is_longer_street(jsonb, jsonb) from public;
grant execute on function private.is_longer_street(jsonb, jsonb) to frontdesk_app;

-- Whether two addresses, as private.address_parts() reads them, are the same: the number of the house and the name of the street are both
-- there and equal, and no other part differs. A part that one of them does not give decides nothing. Without a number and a street it is
-- all their words. Null is the same as nothing.
create or replace function private.is_same_place(one jsonb, other jsonb) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if one ? 'number' and one ->> 'number' = other ->> 'number' then
        -- "20 N Main St" is "20 Main St N" and not "20 Main St S".
        if
            (one ? 'pre' and not one ? 'post' and other ? 'post' and not other ? 'pre' and one ->> 'pre' <> other ->> 'post')
            or (one ? 'post' and not one ? 'pre' and other ? 'pre' and not other ? 'post' and one ->> 'post' <> other ->> 'pre')
        then
            return false;
        end if;
        -- All that both give is equal: what the other gives changes nothing in the one.
        return one || other @> one
        or one ->> 'street' <> other ->> 'street' and (
            private.is_longer_street(one, other) and one || (other - 'street' - 'suffix') @> one
            or private.is_longer_street(other, one) and other || (one - 'street' - 'suffix') @> other
        );
    end if;
    return coalesce(one ->> 'text' = other ->> 'text', false);
end
$$;

revoke execute on function private.is_same_place(jsonb, jsonb) from public;
grant execute on function private.is_same_place(jsonb, jsonb) to frontdesk_app;

-- The same of two texts.
create or replace function private.is_same_address(one text, other text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.is_same_place(private.address_parts(one), private.address_parts(other));
end
$$;

revoke execute on function private.is_same_address(text, text) from public;
grant execute on function private.is_same_address(text, text) to frontdesk_app;
