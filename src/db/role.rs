//! The role that the service works as, whatever login it has: `frontdesk_app`, which owns nothing and is held to its
//! grants and to row level security.

use tokio_postgres::{Client, error::SqlState};

use super::{Sql, Statements};
use crate::{error::Error, sql};

const QUERY: Sql = sql!("find_role", []);

/// Takes the role for as long as a connection lives.
const TAKE: &str = "set role frontdesk_app";

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
    /// The role may do more than it was given.
    #[error(
        "frontdesk_app {0}, so that nothing would keep organizations apart; make it a plain role again"
    )]
    TooMuch(&'static str),
    /// It could not be found out.
    #[error("the role of the service could not be looked up")]
    Database(#[from] tokio_postgres::Error),
}

/// Makes a new connection work as the role.
pub(super) async fn take(
    client: &Client,
    statements: Statements,
) -> Result<(), tokio_postgres::Error> {
    client
        .batch_execute(match statements {
            Statements::Prepared => TAKE,
            Statements::Unnamed => REQUIRE,
        })
        .await
}

/// Makes sure that the role holds the service to what it was given, in a migrated database.
///
/// # Errors
///
/// [`RoleError`], which says what to do about it.
pub async fn check(client: &Client) -> Result<(), RoleError> {
    let row = client.query_one(QUERY.text, &[]).await?;
    if row.try_get("is_exempt")? {
        return Err(RoleError::TooMuch("is exempt from row level security"));
    }
    if row.try_get("owns_tables")? {
        return Err(RoleError::TooMuch("owns tables"));
    }
    Ok(())
}

/// Whether a connection could not be had because its login may not take the role; waiting would not help.
#[must_use]
pub fn refused(error: &Error) -> Option<RoleError> {
    let Error::Unreachable(source) = error else {
        return None;
    };
    let refusal = source
        .downcast_ref::<tokio_postgres::Error>()?
        .as_db_error()?;
    (*refusal.code() == SqlState::INSUFFICIENT_PRIVILEGE)
        .then(|| RoleError::Refused(refusal.message().to_owned()))
}
