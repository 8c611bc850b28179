//! What the server and the cluster must be before anything is changed.

use tokio_postgres::Client;

use super::{MigrateError, ROLES};

/// Refuses a server that is too old, and a database that cannot hold every name. The statement is unnamed, since the service asks this too,
/// and a transaction pooler may stand between.
pub(super) async fn require_server(client: &Client) -> Result<(), MigrateError> {
    let row = client
        .query_typed_one(
            "select
                current_setting('server_version_num')::int4,
                current_setting('server_version'),
                (select pg_encoding_to_char(d.encoding)::text from pg_catalog.pg_database as d
                 where d.datname = current_database())",
            &[],
        )
        .await?;
    if row.get::<_, i32>(0) < 150_000 {
        return Err(MigrateError::OldServer(row.get(1)));
    }
    let encoding: String = row.get(2);
    if encoding != "UTF8" {
        return Err(MigrateError::Encoding(encoding));
    }
    Ok(())
}

/// Refuses a cluster whose roles this login can neither create nor use, before the first migration of a database.
///
/// Roles belong to the whole cluster, so another database's owner may have created them. From PostgreSQL 16 on a login that may create
/// roles may only grant those that it created or was given with the admin option.
pub(super) async fn require_roles(client: &Client) -> Result<(), MigrateError> {
    let row = client
        .query_one(
            "select
                current_user::text,
                r.rolsuper or r.rolcreaterole,
                array(
                    select w.name from unnest($1::text[]) with ordinality as w (name, nth)
                    where not exists (select from pg_catalog.pg_roles as o where o.rolname = w.name)
                    order by w.nth
                ),
                coalesce((
                    select
                        pg_has_role(
                            current_user, a.oid,
                            case when current_setting('server_version_num')::int4 >= 160000 then 'set' else 'member' end
                        )
                        or r.rolsuper
                        or pg_has_role(current_user, a.oid, 'member with admin option')
                        or r.rolcreaterole and not a.rolsuper and current_setting('server_version_num')::int4 < 160000
                    from pg_catalog.pg_roles as a where a.rolname = 'frontdesk_app'
                ), true)
             from pg_catalog.pg_roles as r where r.rolname = current_user",
            &[&ROLES.map(|(name, _)| name).as_slice()],
        )
        .await?;
    let login: String = row.get(0);
    let missing: Vec<String> = row.get(2);
    if !row.get::<_, bool>(1)
        && let Some(role) = missing.into_iter().next()
    {
        return Err(MigrateError::MayNotMakeRoles(role));
    }
    if !row.get::<_, bool>(3) {
        return Err(MigrateError::ForeignRole(login));
    }
    Ok(())
}

/// Refuses a login that does not own the tables: what it made would be its own, and closed to whoever migrates next.
pub(super) async fn require_owner(client: &Client) -> Result<(), MigrateError> {
    let row = client
        .query_one(
            "select current_user::text, (
                 select pg_get_userbyid(c.relowner)::text from pg_catalog.pg_class as c
                 where c.oid = to_regclass('public.organizations')
             )",
            &[],
        )
        .await?;
    let login: String = row.get(0);
    match row.get::<_, Option<String>>(1) {
        Some(owner) if owner != login => Err(MigrateError::NotOwner { owner, login }),
        _ => Ok(()),
    }
}
