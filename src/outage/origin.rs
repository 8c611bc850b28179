//! The call in which something was said and its organization, as far as they are known without the database.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    calls::Call,
    db::Database,
    directory::{Directory, Organization, Route},
    domain::phone::Phone,
    error::Result,
};

/// The call in which something was said, as far as it is known without the database.
#[derive(Clone, Deserialize, Serialize)]
pub struct Origin {
    /// The organization whose own credential authenticated it: what was said is for no other. `None`: the service's own did.
    #[serde(rename = "proven_for")]
    pub credential_of: Option<Uuid>,
    /// Vapi's id of the number that was called.
    pub vapi_phone_number_id: Option<String>,
    /// Vapi's id of the call.
    pub vapi_call_id: Option<String>,
    /// Vapi's id of the assistant.
    pub vapi_assistant_id: Option<String>,
    /// The number that was called.
    pub called: Option<String>,
    /// The caller's number.
    pub caller: Option<String>,
}

impl Origin {
    /// Where a call came from.
    #[must_use]
    pub fn of(
        call: &Call,
        vapi_phone_number_id: Option<String>,
        credential_of: Option<Uuid>,
    ) -> Self {
        let text = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned());
        Self {
            credential_of,
            vapi_phone_number_id,
            vapi_call_id: call.vapi_call_id.clone(),
            vapi_assistant_id: call.vapi_assistant_id.clone(),
            called: text(&call.called),
            caller: text(&call.caller),
        }
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> Call {
        let phone = |text: &Option<String>| text.as_deref().and_then(Phone::signalled);
        Call {
            vapi_call_id: self.vapi_call_id.clone(),
            vapi_assistant_id: self.vapi_assistant_id.clone(),
            caller: phone(&self.caller),
            called: phone(&self.called),
        }
    }

    /// Whose call it was; `None` when it is nobody's, or not that of whoever authenticated it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn organization(
        &self,
        database: &Database,
        directory: &Directory,
    ) -> Result<Option<Arc<Organization>>> {
        let route = Route {
            vapi_phone_number_id: self.vapi_phone_number_id.clone(),
            vapi_assistant_id: self.vapi_assistant_id.clone(),
            called_number: self.called.clone(),
        };
        let found = directory.routes.find(database, &route).await?;
        let is_right = |found: &Organization| self.credential_of.is_none_or(|id| found.id == id);
        Ok(found.filter(|found| is_right(found)))
    }
}
