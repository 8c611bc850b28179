-- Whether a text stands for nothing: it has no letter or figure, is a template that was not filled in, or one of the words that are written
-- where there is nothing to write. The same words as in src/domain/placeholder.rs, which a test compares.
create or replace function private.is_placeholder(text text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    bare constant text := btrim(text, e' \t\n\r"''.$');
begin
    return text !~ '[[:alnum:]]'
    or text like '%{{%'
    or bare ~ '^(?:<[^<>]*>|\[[^][]*\]|\{[^{}]*\}|%[^%]*%)$'
    -- A first and a last name of "null" are no name either.
    or private.name_key(regexp_replace(translate(text, '''’‘`´', ''), '^\s*(\S+)(?:\s+\1)+\s*$', '\1', 'i')) = any(array[
        'null', 'none', 'nil', 'undefined', 'unknown', 'unspecified', 'unnamed', 'unavailable', 'na', 'n a', 'tbd', 'tba', 'todo',
        'empty', 'blank', 'missing', 'string', 'text', 'value', 'placeholder', 'not provided', 'not given', 'not available',
        'not applicable', 'not specified', 'not stated', 'not known', 'not mentioned', 'not said', 'not set', 'none given',
        'none provided', 'nothing provided', 'no data', 'no value', 'no information', 'no answer', 'to be determined',
        'to be provided', 'your name', 'your name here', 'customer name', 'caller name', 'client name', 'user name', 'callers name',
        'customers name', 'caller s name', 'customer s name', 'your address', 'your phone number', 'phone number', 'insert name',
        'nulo', 'nula', 'ninguno', 'ninguna', 'desconocido', 'desconocida', 'indefinido', 'indefinida', 'vacio', 'no proporcionado',
        'no proporcionada', 'no dado', 'no dada', 'no indicado', 'no indicada', 'no especificado', 'no especificada',
        'no mencionado', 'no mencionada', 'no disponible', 'no aplica', 'sin dato', 'sin datos', 'sin especificar',
        'sin informacion', 'por definir', 'nombre del cliente', 'su nombre', 'tu nombre'
    ]);
end
$$;

revoke execute on function private.is_placeholder(text) from public;
grant execute on function private.is_placeholder(text) to frontdesk_app;

-- Whether a name is nobody's: a placeholder, or what somebody is called who gave none.
create or replace function private.is_nobody(name text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.is_placeholder(name) or private.name_key(translate(name, '''’‘`´', '')) = any(array[
        'name', 'full name', 'first name', 'last name', 'no name', 'no name given', 'no name provided', 'name unknown',
        'unknown name', 'caller', 'the caller', 'a caller', 'new caller', 'current caller', 'unknown caller', 'anonymous caller',
        'wireless caller', 'caller id', 'private', 'private caller', 'private number', 'unknown number', 'restricted', 'blocked',
        'anonymous', 'customer', 'the customer', 'a customer', 'new customer', 'existing customer', 'valued customer',
        'unknown customer', 'client', 'the client', 'a client', 'new client', 'user', 'the user', 'a user', 'unknown user', 'guest',
        'the guest', 'a guest', 'person', 'the person', 'nobody', 'no one', 'somebody', 'someone', 'nombre', 'nombre completo',
        'sin nombre', 'nombre desconocido', 'cliente', 'el cliente', 'la cliente', 'la clienta', 'clienta', 'nuevo cliente',
        'cliente nuevo', 'cliente desconocido', 'llamante', 'el llamante', 'la llamante', 'la persona que llama', 'persona',
        'quien llama', 'usuario', 'el usuario', 'usuaria', 'la usuaria', 'invitado', 'anonimo', 'anonima', 'nadie', 'alguien',
        'me', 'myself', 'first last', 'firstname lastname', 'xxx', 'no dijo', 'no dio nombre', 'homeowner', 'the homeowner', 'home owner', 'the owner', 'the tenant', 'yo', 'yo mismo', 'el dueno',
        'la duena'
    ]);
end
$$;

revoke execute on function private.is_nobody(text) from public;
grant execute on function private.is_nobody(text) to frontdesk_app;
