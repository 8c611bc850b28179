//! The roles that the schema gives rights to.
//!
//! Roles belong to the cluster and not to the database: `pg_dump` writes down what they may do, but not the roles themselves. Where a dump
//! is restored into a cluster without them, every grant and every policy fails for itself, and the rest is restored. Such a
//! database looks complete, and the service could read nothing in it; so it is refused, with the command that mends it.

use std::collections::BTreeSet;

use tokio_postgres::{Client, GenericClient, error::SqlState};

use super::{LOCK_KEY, MigrateError, ROLES, SERVICE_ROLE};
use crate::db::files::functions_and_policies;

/// How many of what is missing an error names.
const MAX_NAMED: usize = 3;

/// What migrations grant; everything else stands in the files of functions and policies. On Supabase the schema `auth` and the default
/// privileges for its own roles are Supabase's.
const GRANTS_OF_MIGRATIONS: &str = "
do $$
declare
    own record;
begin
    if exists (
        select from pg_catalog.pg_namespace as n
        where n.nspname = 'auth' and pg_has_role(current_user, n.nspowner, 'member')
    ) then
        grant usage on schema auth to anon, authenticated, service_role;
        alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
        alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
        alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
        grant usage on schema public to anon, authenticated, service_role;
    end if;
    -- What default privileges gave to functions and sequences when they were made.
    for own in
        select p.oid::regprocedure::text as name from pg_catalog.pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and pg_has_role(current_user, p.proowner, 'member')
    loop
        execute format('grant execute on function %s to service_role', own.name);
    end loop;
    for own in
        select c.oid::regclass::text as name from pg_catalog.pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and pg_has_role(current_user, c.relowner, 'member')
    loop
        execute format('grant all on sequence %s to anon, authenticated, service_role', own.name);
    end loop;
    if pg_has_role(current_user, (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'extensions'), 'member') then
        grant usage on schema extensions to anon, authenticated, service_role;
    end if;
    if not pg_has_role(
        current_user,
        'frontdesk_app',
        case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    ) then
        execute format('grant frontdesk_app to %I', current_user);
    end if;
end
$$;
alter default privileges in schema public revoke truncate, trigger, references on tables from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;
grant usage on schema public, private to frontdesk_app;
revoke execute on function private.name_key(text) from public;
grant execute on function private.name_key(text) to authenticated, service_role, frontdesk_app;
";

/// What the files of functions and policies promise.
#[derive(Debug, Default, PartialEq, Eq)]
struct Promised {
    /// The functions that the service's role may execute, with their arguments.
    functions: BTreeSet<String>,
    /// The tables that it may use, each with what it may do.
    tables: BTreeSet<(String, String)>,
    /// The policies, each with its table.
    policies: BTreeSet<(String, String)>,
}

/// Makes the roles that the cluster lacks, without a login, and tells which. For an empty cluster, before a dump is restored into it.
///
/// # Errors
///
/// [`MigrateError::MayNotMakeRoles`] when the login may not make roles; otherwise what the server refused.
pub async fn make(client: &impl GenericClient) -> Result<Vec<&'static str>, MigrateError> {
    let missing = missing(client).await?;
    for (name, options) in ROLES.iter().filter(|(name, _)| missing.contains(name)) {
        let made = client
            .batch_execute(&format!("create role {name} {options}"))
            .await;
        match made.as_ref().map_err(tokio_postgres::Error::code) {
            // Another program may be making it at this moment.
            Ok(()) | Err(Some(&SqlState::DUPLICATE_OBJECT | &SqlState::UNIQUE_VIOLATION)) => {}
            Err(Some(&SqlState::INSUFFICIENT_PRIVILEGE)) => {
                return Err(MigrateError::MayNotMakeRoles((*name).to_owned()));
            }
            Err(_) => made?,
        }
    }
    Ok(missing)
}

/// Gives the roles back what a restore has lost: makes those that are missing, and applies every function, policy and grant again, in
/// one transaction. Tells which roles were made. In a database that lacks nothing it changes nothing.
///
/// # Errors
///
/// As [`make`]; [`MigrateError::Behind`] for a database that was never migrated; [`MigrateError::File`] when a file fails.
pub async fn restore_grants(client: &mut Client) -> Result<Vec<&'static str>, MigrateError> {
    super::preflight::require_owner(client).await?;
    super::check::require_own(client).await?;
    let made = make(client).await?;
    let transaction = client.transaction().await?;
    transaction
        .execute("select pg_advisory_xact_lock($1)", &[&LOCK_KEY])
        .await?;
    transaction
        .batch_execute(
            "set local client_min_messages = warning;
             set local check_function_bodies = off;
             set local lock_timeout = '5s'",
        )
        .await?;
    transaction.batch_execute(GRANTS_OF_MIGRATIONS).await?;
    for file in functions_and_policies() {
        transaction
            .batch_execute(file.text)
            .await
            .map_err(|source| super::failed(file.name, source))?;
    }
    transaction.commit().await?;
    check_grants(client).await?;
    Ok(made)
}

/// Refuses a migrated database in a cluster that lacks a role.
pub(super) async fn require(client: &Client) -> Result<(), MigrateError> {
    let migrated = client
        .query_one(
            "select exists (select from private.schema_files where name = 'migrations/0020_service_role')",
            &[],
        )
        .await?;
    if !migrated.try_get::<_, bool>(0)? {
        return Ok(());
    }
    let missing = missing(client).await?;
    if missing.is_empty() {
        Ok(())
    } else {
        Err(MigrateError::MissingRoles(missing.join(", ")))
    }
}

/// Refuses a database, with exactly this program's functions and policies, in which the service's role lacks a right or a policy is missing.
pub(super) async fn check_grants(client: &impl GenericClient) -> Result<(), MigrateError> {
    let promised = Promised::read(functions_and_policies().map(|file| file.text));
    let functions: Vec<&String> = promised.functions.iter().collect();
    let (tables, privileges): (Vec<&String>, Vec<&String>) =
        promised.tables.iter().map(|(t, p)| (t, p)).unzip();
    let (policies, policy_tables): (Vec<&String>, Vec<&String>) =
        promised.policies.iter().map(|(p, t)| (p, t)).unzip();
    let rows = client
        .query(
            "select format('execute on %s', f.signature)
             from unnest($1::text[]) as f (signature)
             where not coalesce(has_function_privilege('frontdesk_app', to_regprocedure(f.signature), 'execute'), false)
             union all
             select format('%s on %s', t.privilege, t.name)
             from unnest($2::text[], $3::text[]) as t (name, privilege)
             where not coalesce(has_table_privilege('frontdesk_app', to_regclass(t.name), t.privilege), false)
             union all
             select format('policy %s on %s', p.name, p.on_table)
             from unnest($4::text[], $5::text[]) as p (name, on_table)
             where not exists (
                 select from pg_catalog.pg_policy as k
                 where k.polname = p.name and k.polrelid = to_regclass(p.on_table)
             )
             union all
             select format('usage on schema %s', s.name)
             from unnest(array['public', 'private']) as s (name)
             where not has_schema_privilege('frontdesk_app', s.name, 'usage')",
            &[&functions, &tables, &privileges, &policies, &policy_tables],
        )
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let named = rows
        .iter()
        .take(MAX_NAMED)
        .map(|row| row.try_get::<_, String>(0))
        .collect::<Result<Vec<_>, _>>()?;
    Err(MigrateError::MissingGrants {
        count: rows.len(),
        such_as: named.join(", "),
    })
}

async fn missing(client: &impl GenericClient) -> Result<Vec<&'static str>, MigrateError> {
    let names: Vec<&str> = ROLES.iter().map(|(name, _)| *name).collect();
    let rows = client
        .query(
            "select r.rolname::text from pg_catalog.pg_roles as r where r.rolname = any($1::text[])",
            &[&names],
        )
        .await?;
    let known = rows
        .iter()
        .map(|row| row.try_get::<_, String>(0))
        .collect::<Result<BTreeSet<_>, _>>()?;
    Ok(names
        .into_iter()
        .filter(|name| !known.contains(*name))
        .collect())
}

impl Promised {
    /// Reads the grants and policies of files, each of which begins a line and ends with a semicolon. A right to some columns only is
    /// passed over.
    fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut promised = Self::default();
        for line in texts.flat_map(str::lines) {
            if let Some(grant) = line.strip_prefix("grant ")
                && let Some((rights, roles)) = grant.trim_end_matches(';').rsplit_once(" to ")
                && roles.split(", ").any(|role| role == SERVICE_ROLE)
                && let Some((privileges, object)) = rights.split_once(" on ")
            {
                promised.add_grant(privileges, object);
            } else if let Some(policy) = line.strip_prefix("create policy ")
                && let Some((name, rest)) = policy.split_once(" on ")
                && let Some(table) = rest.split(' ').next()
            {
                promised
                    .policies
                    .insert((name.to_owned(), table.to_owned()));
            }
        }
        promised
    }

    fn add_grant(&mut self, privileges: &str, object: &str) {
        if let Some(signature) = object.strip_prefix("function ") {
            self.functions.insert(signature.to_owned());
        } else if !privileges.contains('(') && !object.contains(' ') {
            for privilege in privileges.split(", ") {
                self.tables
                    .insert((object.to_owned(), privilege.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_to_the_service_and_policies_are_read_from_the_files() {
        let promised = Promised::read(
            [
                "revoke all on public.a from frontdesk_app;\n\
                 grant select, insert on public.a to authenticated, frontdesk_app;\n\
                 grant update (secret, key_id) on private.b to frontdesk_app;\n\
                 grant usage on sequence private.c to frontdesk_app;\n\
                 grant delete on public.a to authenticated;",
                "grant execute on function private.f(uuid, text[]) to frontdesk_app;\n\
                 create policy anon on public.a for all to anon using (false);",
            ]
            .into_iter(),
        );
        let pairs = |list: &[(&str, &str)]| {
            list.iter()
                .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(
            promised,
            Promised {
                functions: BTreeSet::from(["private.f(uuid, text[])".to_owned()]),
                tables: pairs(&[("public.a", "select"), ("public.a", "insert")]),
                policies: pairs(&[("anon", "public.a")]),
            }
        );
        let all = Promised::read(functions_and_policies().map(|file| file.text));
        assert!(all.functions.len() > 60 && all.tables.len() > 50 && all.policies.len() > 100);
    }
}
