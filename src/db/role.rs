//! The role that the service works as, whatever login it has: `frontdesk_app`, which owns nothing and is held to its
//! grants and to row level security.

use tokio_postgres::{Client, error::SqlState};

use super::{Options, Sql, Statements};
use crate::{
    error::{Error, causes},
    sql,
};

const QUERY: Sql = sql!("find_role", []);

/// Takes the role for as long as a connection lives.
const TAKE: &str = "set role frontdesk_app";

/// Every statement is planned once a connection: left to itself the server plans many of them anew each time, which takes longer
/// than to run them, and compiles what it takes for long ones.
const PLAN_ONCE: &str = "set plan_cache_mode = force_generic_plan; set jit = off";

/// As the functions have it. A plan is made anew where it was made under another search path, and the plans that look after foreign keys
/// belong to the session: those of a table that is written by statements and by functions were made again at each turn.
const SEARCH_PATH: &str = "set search_path = pg_catalog, pg_temp";

/// See `private.announce_jobs()` and [`super::Database::committed`].
const WAKES: &str = "set frontdesk.wakes = 'on'";

/// Behind a transaction pooler nothing of a session can be set, and Supabase's ignores what a login is to begin with
/// (<https://github.com/supabase/supavisor/issues/206>), so there the login itself must be the role.
const REQUIRE: &str = "do $$ begin
    if current_user <> 'frontdesk_app' then
        raise insufficient_privilege using message = format(
            'through a transaction pooler the service must log in as frontdesk_app, not as %s', current_user
        );
    end if;
end $$";

/// Why the service cannot work as its role.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The login may not take the role.
    #[error(
        "the login of DATABASE_URL may not work as frontdesk_app ({0}); let it log in as frontdesk_app, or grant it that role"
    )]
    Refused(String),
    /// The server refuses the login itself.
    #[error("the login of {setting} is refused: {reason}")]
    Login {
        /// The setting with the login.
        setting: &'static str,
        /// What the server says.
        reason: String,
    },
    /// The role may do more than it was given.
    #[error(
        "frontdesk_app {0}, so that nothing would keep organizations apart; make it a plain role again"
    )]
    TooMuch(&'static str),
    /// It could not be found out.
    #[error("the role of the service could not be looked up")]
    Database(#[from] tokio_postgres::Error),
}

/// Makes a new connection work as the role, and end what takes too long.
pub(super) async fn take(client: &Client, options: &Options) -> Result<(), tokio_postgres::Error> {
    match options.statements {
        Statements::Prepared => {
            let limits = options.limits("set");
            client
                .batch_execute(&format!(
                    "{TAKE}; {PLAN_ONCE}; {SEARCH_PATH}; {WAKES}; {limits}"
                ))
                .await
        }
        Statements::Unnamed => client.batch_execute(REQUIRE).await,
    }
}

/// Makes sure that the role holds the service to what it was given, in a migrated database. The statement is unnamed, since a transaction
/// pooler may stand between.
///
/// # Errors
///
/// [`RoleError`], which says what to do about it.
pub async fn check(client: &Client) -> Result<(), RoleError> {
    let row = client.query_typed_one(QUERY.text, &[]).await?;
    if row.try_get("is_exempt")? {
        return Err(RoleError::TooMuch("is exempt from row level security"));
    }
    if row.try_get("owns_tables")? {
        return Err(RoleError::TooMuch("owns tables"));
    }
    Ok(())
}

/// Whether a connection could not be had because its login is refused or may not take the role; waiting would not help.
#[must_use]
pub fn refused(error: &Error) -> Option<RoleError> {
    let Error::Unreachable(source) = error else {
        return None;
    };
    let error = source.downcast_ref::<tokio_postgres::Error>()?;
    if let Some(refusal) = error.as_db_error()
        && *refusal.code() == SqlState::INSUFFICIENT_PRIVILEGE
    {
        return Some(RoleError::Refused(refusal.message().to_owned()));
    }
    login_refused("DATABASE_URL", error)
}

/// Whether a connection could not be made because the server refuses the login: a wrong password, a role that does not exist.
#[must_use]
pub fn login_refused(setting: &'static str, error: &tokio_postgres::Error) -> Option<RoleError> {
    let reason = match error.as_db_error() {
        Some(refusal) => {
            // Class 28: invalid authorization. Supabase's pooler has no code for it.
            let is_refused = refusal.code().code().starts_with("28")
                || refusal.message().contains("Tenant or user not found");
            is_refused.then(|| refusal.message().to_owned())?
        }
        // The driver gives up before it asks the server.
        None if causes(error).contains("password missing") => {
            "the server asks for a password, and the URL has none".to_owned()
        }
        None => return None,
    };
    Some(RoleError::Login { setting, reason })
}
