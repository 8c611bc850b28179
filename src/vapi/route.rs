//! Which organization a call belongs to, and what the log and the metrics tell of a call that belongs to none.
//!
//! The provider's ids are logged, by which an operator finds the number or the assistant that is not set up; telephone numbers are not.

use std::sync::Arc;

use tokio::time::Instant;

use super::{VapiState, authenticate::Principal, message::CallFacts};
use crate::{
    directory::{Organization, Route},
    domain::{language::Language, phone::Phone, speech::Speech},
    error::{Error, Result},
    tools::refusal,
};

/// Why a call belongs to no organization, as the metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Neither its number nor its assistant is set up.
    NotSetUp,
    /// It belongs to another organization than the one whose credential was used.
    AnotherOrganization,
}

impl Unknown {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::NotSetUp, Self::AnotherOrganization];

    /// The name for a metric's label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NotSetUp => "not_set_up",
            Self::AnotherOrganization => "another_organization",
        }
    }
}

impl VapiState {
    /// The organization of a call, if the principal may speak for it.
    pub(super) async fn organization(
        &self,
        principal: Principal,
        facts: &CallFacts,
        deadline: Instant,
    ) -> Result<Option<Arc<Organization>>> {
        let route = Route {
            vapi_phone_number_id: facts.phone_number_id.clone(),
            vapi_assistant_id: facts.assistant_id.clone(),
            called_number: facts
                .called_number
                .as_deref()
                .and_then(Phone::signalled)
                .map(|number| number.as_str().to_owned()),
        };
        let finding = self.directory.routes.find(&self.database, &route);
        let found = tokio::time::timeout_at(deadline, finding)
            .await
            .map_err(|_elapsed| Error::Deadline)??;
        Ok(match (principal, found) {
            (Principal::Organization(id), Some(organization)) if organization.id != id => {
                tracing::error!(
                    call.id = facts.vapi_call_id,
                    vapi.phone_number_id = facts.phone_number_id,
                    vapi.assistant_id = facts.assistant_id,
                    organization.id = %id,
                    "an organization's credential was used for a call that is not its own"
                );
                count(Unknown::AnotherOrganization);
                None
            }
            (principal, None) => {
                let organization_id = match principal {
                    Principal::Service => None,
                    Principal::Organization(id) => Some(tracing::field::display(id)),
                };
                tracing::warn!(
                    call.id = facts.vapi_call_id,
                    vapi.phone_number_id = facts.phone_number_id,
                    vapi.assistant_id = facts.assistant_id,
                    organization.id = organization_id,
                    "a call belongs to no organization: its number and its assistant are not set up"
                );
                count(Unknown::NotSetUp);
                None
            }
            (_, found) => found,
        })
    }

    /// The organization of a call, or what its caller hears without one.
    pub(super) async fn known_organization(
        &self,
        principal: Principal,
        facts: &CallFacts,
        deadline: Instant,
    ) -> Result<Arc<Organization>, Speech> {
        match self.organization(principal, facts, deadline).await {
            Ok(Some(organization)) => Ok(organization),
            Ok(None) => Err(refusal::unknown_organization(Language::English)),
            Err(error) => {
                not_found(facts, &error);
                Err(refusal::not_now(Language::English))
            }
        }
    }
}

/// Logs that the organization of a call could not be looked up.
pub(super) fn not_found(facts: &CallFacts, error: &Error) {
    tracing::error!(
        call.id = facts.vapi_call_id,
        vapi.phone_number_id = facts.phone_number_id,
        vapi.assistant_id = facts.assistant_id,
        error.kind = error.label(),
        error = error.chain(),
        "a call's organization could not be looked up"
    );
}

fn count(why: Unknown) {
    metrics::counter!("frontdesk_unknown_calls_total", "reason" => why.label()).increment(1);
}
