//! From what a verified message says of its call to the organization that it belongs to.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use uuid::Uuid;

use super::Organization;
use crate::{
    db::{Database, Params, Sql, listen::MAX_SILENCE},
    error::Result,
    sql,
};

/// Looks up whose call it is, and what is to be known of that organization.
pub const FIND: Sql = sql!("organization", [TEXT, TEXT, TEXT]);

/// How many routes are remembered; past that the memory is emptied and fills again. An organization has a few: not every message says
/// all of a route.
const MOST_ROUTES: usize = 50_000;

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
    /// Until when announcements are known to be heard; what is remembered counts no longer.
    trusted_until: Option<Instant>,
}

impl Memory {
    fn is_trusted(&self) -> bool {
        self.trusted_until
            .is_some_and(|until| Instant::now() < until)
    }
}

/// The remembered routes.
#[derive(Debug, Default)]
pub struct Routes {
    memory: RwLock<Memory>,
}

impl Routes {
    /// Finds the organization of a call: the one to which everything that is known of the route points.
    ///
    /// `None` for a route that nobody owns, and for one whose parts belong to different organizations. What is not remembered is looked up
    /// in `database`, over whichever connections it reads.
    ///
    /// # Errors
    ///
    /// When the database cannot be asked, or the organization cannot be worked with.
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
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        if memory.is_trusted() && memory.generation == generation {
            if memory.known.len() >= MOST_ROUTES {
                memory.known.clear();
            }
            memory.known.insert(route.clone(), found.clone());
        }
        Ok(found)
    }

    /// Forgets everything; remembers again only while `trusted`.
    pub(super) fn forget(&self, trusted: bool) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.known.clear();
        memory.generation += 1;
        memory.trusted_until = trusted.then(|| Instant::now() + MAX_SILENCE);
    }

    /// Goes on trusting what is remembered: announcements are still heard, and whatever was announced before was forgotten then.
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
    let organization: Option<Uuid> = row.try_get("organization_id").map_err(FIND.shape())?;
    if organization.is_none() {
        tracing::error!(
            vapi.phone_number_id = route.vapi_phone_number_id,
            vapi.assistant_id = route.vapi_assistant_id,
            "the parts of a call's route belong to different organizations; the call is refused"
        );
        return Ok(None);
    }
    Organization::from_row(&FIND, row).map(|found| Some(Arc::new(found)))
}
