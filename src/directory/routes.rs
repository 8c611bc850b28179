//! From what a verified message says of its call to the organization that it belongs to.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Organization;
use crate::{
    clock::Clock,
    db::{Database, Params, Sql, listen::MAX_SILENCE},
    error::Result,
    sql,
};

/// Looks up whose call it is, and what is to be known of that organization.
pub const FIND: Sql = sql!("organization", [TEXT, TEXT, TEXT]);

/// Looks up which organization added an assistant.
const ASSISTANT_OWNER: Sql = sql!("assistant_owner", [TEXT]);

/// Notes it for the operator.
const NOTE_DISPUTE: Sql = sql!("note_dispute", [UUID, TEXT]);

/// How long a call may wait for the owner of its assistant, which is for the operator and changes no answer.
const OWNER_TIMEOUT: Duration = Duration::from_millis(250);

/// How many routes are remembered; past that the memory is emptied and fills again. An organization has a few: not every message says
/// all of a route.
const MAX_ROUTES: usize = 50_000;

/// What a message says of where a call came in; at least one is known for a call that can be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Route {
    /// Vapi's id of the telephone number.
    pub vapi_phone_number_id: Option<String>,
    /// Vapi's id of the assistant.
    pub vapi_assistant_id: Option<String>,
    /// The number that was called, E.164.
    pub called_number: Option<String>,
}

#[derive(Debug, Default)]
struct Memory {
    known: HashMap<Route, Option<Arc<Organization>>>,
    /// Rises with every announcement, so that an answer read before one is not remembered after it.
    generation: u64,
    /// Until when announcements are known to arrive; what is remembered counts no longer.
    trusted_until: Option<Instant>,
}

impl Memory {
    fn is_trusted(&self) -> bool {
        self.trusted_until
            .is_some_and(|until| Instant::now() < until)
    }
}

/// The remembered routes.
#[derive(Debug)]
pub struct Routes {
    memory: RwLock<Memory>,
    clock: Clock,
}

impl Routes {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            memory: RwLock::default(),
            clock,
        }
    }

    /// Finds the organization of a call: the owner of the phone number id, else of the called number, else of the assistant.
    ///
    /// `None` for a route that nobody owns. What is not remembered is looked up in `database`, over whichever connections it reads.
    ///
    /// # Errors
    ///
    /// When the database cannot be read, or the organization's settings cannot.
    pub async fn find(
        &self,
        database: &Database,
        route: &Route,
    ) -> Result<Option<Arc<Organization>>> {
        let generation = {
            let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = memory.known.get(route)
                && memory.is_trusted()
            {
                return Ok(known.clone());
            }
            memory.generation
        };
        let found = look_up(database, route).await?;
        self.remember(route, found.clone(), generation);
        if let Some(organization) = &found {
            let looking = report_dispute(database, route, organization, self.clock.now());
            // Slow or failed, it is looked at again with the next call that is not remembered.
            drop(tokio::time::timeout(OWNER_TIMEOUT, looking).await);
        }
        Ok(found)
    }

    fn remember(&self, route: &Route, found: Option<Arc<Organization>>, generation: u64) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        if memory.is_trusted() && memory.generation == generation {
            if memory.known.len() >= MAX_ROUTES {
                memory.known.clear();
            }
            memory.known.insert(route.clone(), found);
        }
    }

    /// Forgets everything; remembers again only while `trusted`.
    pub(super) fn forget(&self, trusted: bool) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.known.clear();
        memory.generation += 1;
        memory.trusted_until = trusted.then(|| Instant::now() + MAX_SILENCE);
    }

    /// Goes on trusting what is remembered: announcements still arrive, and whatever was announced before was forgotten then.
    pub(super) fn trust(&self) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.trusted_until = Some(Instant::now() + MAX_SILENCE);
    }
}

async fn look_up(database: &Database, route: &Route) -> Result<Option<Arc<Organization>>> {
    let params: Params<'_> = &[
        &route.vapi_phone_number_id,
        &route.vapi_assistant_id,
        &route.called_number,
    ];
    let rows = database.read_unbound(&FIND, params).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Organization::from_row(&FIND, row).map(|found| Some(Arc::new(found)))
}

/// Reports to the operator that the assistant of a call was added by another organization than the one whose number was called.
async fn report_dispute(
    database: &Database,
    route: &Route,
    organization: &Organization,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(assistant_id) = &route.vapi_assistant_id else {
        return Ok(());
    };
    if organization.vapi_assistant_id.as_ref() == Some(assistant_id) {
        return Ok(());
    }
    let rows = database
        .read_unbound(&ASSISTANT_OWNER, &[assistant_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let owner: Uuid = ASSISTANT_OWNER.get(row, 0)?;
    if owner != organization.id {
        metrics::counter!("frontdesk_disputed_assistants_total").increment(1);
        tracing::warn!(
            organization.id = %organization.id,
            other_organization.id = %owner,
            vapi.assistant_id = assistant_id,
            "the assistant of this organization's call is entered by another organization; the number decided"
        );
        let binding = organization.binding(now);
        database
            .transaction(&binding, async |transaction| {
                let params: Params<'_> = &[&organization.id, assistant_id];
                transaction.query(&NOTE_DISPUTE, params).await.map(drop)
            })
            .await?;
    }
    Ok(())
}
