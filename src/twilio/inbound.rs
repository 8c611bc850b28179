//! `POST /twilio/sms`: a text message to one of our numbers.
//!
//! Consent comes first, since STOP acknowledges nothing; then open emergencies; then the organization's appointments.
//! Whose message it is depends on the called number, else on who paged or texted the sender last.

use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    authenticate::{Authenticated, Principal, TwilioState, answer},
    callback::InboundMessage,
    twiml,
};
use crate::{
    db::{Binding, OrgTx, Sql},
    directory::Route,
    domain::keyword::{self, Consent},
    error::Result,
    escalation::{
        acknowledge::{Responder, Way},
        incident::Page,
        reply::{self, Intent, Speaker},
    },
    messages::{
        consent,
        inbound::{self, Answer, Inbound, Recorded},
    },
    sql,
};

const CORRESPONDENTS: Sql = sql!("correspondents", [TEXT, TEXT, TIMESTAMPTZ]);

/// For how long a text of ours can be answered.
const ANSWERABLE: TimeDelta = TimeDelta::days(60);

/// Answers a text message.
pub(crate) async fn message(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    let message = InboundMessage::read(&request.form)?;
    let (Some(from), Some(to)) = (message.from, message.to) else {
        // A short code or a name cannot be answered, and acknowledges no emergency.
        return answer(Ok(twiml::silence()), "sms");
    };
    let service_sid = message.messaging_service_sid.as_deref();
    let is_shared = state.shared.has(&to, service_sid);
    let inbound = Inbound {
        from,
        to,
        body: message.body,
        opt_out_type: message.opt_out_type,
        sid: message.message_sid,
    };
    let words = reply_to(&state, &request, &inbound, is_shared).await;
    let document = words.map(|words| words.map_or_else(twiml::silence, |it| twiml::message(&it)));
    answer(document, "sms")
}

/// Whom a message may concern.
struct Concerned {
    /// The incidents that the sender was paged for, the last first.
    pages: Vec<Page>,
    /// The organizations, the likeliest first.
    organizations: Vec<Uuid>,
}

async fn reply_to(
    state: &TwilioState,
    request: &Authenticated,
    inbound: &Inbound,
    is_shared: bool,
) -> Result<Option<String>> {
    let now = state.clock.now();
    let concerned = concerned(state, &request.principal, inbound, is_shared, now).await?;
    let Some(first) = concerned.organizations.first().copied() else {
        return Ok(None);
    };
    // What Twilio calls an opt-in or an opt-out may be more: "yes" answers what was asked, and "cancel" may mean the appointment.
    let word = match (
        inbound.opt_out_type.as_deref(),
        keyword::consent(&inbound.body),
    ) {
        (Some("STOP"), word @ Some(Consent::StopOrCancel))
        | (Some("START"), word @ Some(Consent::StartIfStopped))
        | (None, word) => word,
        (Some("STOP"), _) => Some(Consent::Stop),
        (Some("START"), _) => Some(Consent::Start),
        (Some(_), _) => return Ok(None),
    };
    match word {
        Some(word @ (Consent::Stop | Consent::StopOrCancel | Consent::Start)) => {
            return agree(state, &concerned.organizations, inbound, word, now).await;
        }
        Some(Consent::StartIfStopped) => {
            if was_stopped(state, first, inbound, now).await? {
                let organizations = &concerned.organizations;
                return agree(state, organizations, inbound, Consent::Start, now).await;
            }
        }
        Some(Consent::Help) | None => {}
    }
    let meant = concerned.meant(&inbound.body);
    let organization_id = meant.map_or(first, |(page, _)| page.organization_id);
    let binding = Binding {
        organization_id,
        now,
    };
    state
        .database
        .transaction(&binding, async |transaction| {
            if let Recorded::Replayed(words) =
                inbound::record(transaction, organization_id, inbound).await?
            {
                return Ok(words);
            }
            let answered = match meant {
                Some((page, intent)) => {
                    answer_page(transaction, &concerned.pages, &page, intent, inbound).await?
                }
                None if word == Some(Consent::Help) => {
                    inbound::about_speaker(transaction, organization_id, inbound)
                        .await?
                        .filter(inbound::About::may_be_helped)
                        .map(|about| (inbound::help(&about), Answer::Help))
                }
                None => inbound::converse(transaction, organization_id, inbound).await?,
            };
            let answered = match (answered, concerned.page_of(organization_id)) {
                // Whoever was paged always hears something.
                (None, Some(page)) => {
                    let all = &concerned.pages;
                    answer_page(transaction, all, &page, Intent::Unclear, inbound).await?
                }
                (answered, _) => answered,
            };
            let Some((words, kind)) = answered else {
                return Ok(None);
            };
            inbound::answered(transaction, organization_id, inbound, &words, kind).await?;
            Ok(Some(words))
        })
        .await
}

/// Answers a page.
async fn answer_page(
    transaction: &OrgTx,
    pages: &[Page],
    page: &Page,
    intent: Intent,
    inbound: &Inbound,
) -> Result<Option<(String, Answer)>> {
    let from = &inbound.from;
    let mut kind = Answer::Done;
    if intent == Intent::Unclear {
        kind = Answer::Help;
        let about = inbound::about(transaction, page.organization_id, from).await?;
        if !about.is_some_and(|about| about.may_be_helped_with_page()) {
            return Ok(None);
        }
    }
    let speaker = Speaker {
        responder: Responder::with_phone(from),
        way: Way::Sms,
        language: keyword::language(&inbound.body),
    };
    let words = reply::answer_in(transaction, page, pages, intent, speaker).await?;
    Ok(Some((words, kind)))
}

impl Concerned {
    /// The incident that a message is about, and what its sender wants. A word that means nothing is about one only while it is open;
    /// one that could be about an appointment as well is about an incident if there is one that it makes sense for.
    fn meant(&self, body: &str) -> Option<(Page, Intent)> {
        // A reaction to a page quotes it, and a picture says nothing: neither acknowledges an incident.
        let said = if keyword::is_echo(body) {
            None
        } else {
            keyword::page(body)
        };
        let Some(said) = said else {
            return reply::choose(&self.pages, Intent::Unclear, None)
                .filter(Page::is_open)
                .map(|page| (page, Intent::Unclear));
        };
        let intent = Intent::from(said);
        let Some(page) = reply::choose(&self.pages, intent, said.code) else {
            // The number is of none that they were paged for.
            let page = reply::choose(&self.pages, Intent::Unclear, None)?;
            return Some((page, Intent::Unclear));
        };
        let is_named = said.code.is_some();
        let makes_sense = is_named || page.is_open() || keyword::appointment(body).is_none();
        // Nobody who could have an appointment in mind is left: a late "1" hears who has it.
        let has_no_appointment = self.organizations.len() <= 1;
        (makes_sense || has_no_appointment).then_some((page, intent))
    }

    /// The last incident of an organization that the sender was paged for.
    fn page_of(&self, organization_id: Uuid) -> Option<Page> {
        self.pages
            .iter()
            .find(|page| page.organization_id == organization_id)
            .copied()
    }
}

async fn concerned(
    state: &TwilioState,
    principal: &Principal,
    inbound: &Inbound,
    is_shared: bool,
    now: DateTime<Utc>,
) -> Result<Concerned> {
    let pages: Vec<Page> = reply::pages(&state.database, &inbound.from, Some(&inbound.to), now)
        .await?
        .into_iter()
        .filter(|page| principal.may_act_for(page.organization_id))
        .collect();
    let route = Route {
        called_number: Some(inbound.to.as_str().to_owned()),
        ..Route::default()
    };
    // What all share is nobody's, whoever has added it as theirs.
    let owner = if is_shared {
        None
    } else {
        state.directory.routes.find(&state.database, &route).await?
    };
    let mut organizations: Vec<Uuid> = owner.iter().map(|owner| owner.id).collect();
    if organizations.is_empty() {
        organizations.extend(pages.iter().map(|page| page.organization_id));
        let since = now - ANSWERABLE;
        let rows = state
            .database
            .read_unbound(
                &CORRESPONDENTS,
                &[&inbound.from.as_str(), &inbound.to.as_str(), &since],
            )
            .await?;
        for row in &rows {
            organizations.push(CORRESPONDENTS.get(row, 0)?);
        }
    }
    let mut seen = std::collections::HashSet::new();
    organizations.retain(|id| principal.may_act_for(*id) && seen.insert(*id));
    Ok(Concerned {
        pages,
        organizations,
    })
}

/// Records consent for everybody who uses this number: the carrier blocks the number, not the organization. What Twilio does not
/// confirm by itself is confirmed in the name of the first.
async fn agree(
    state: &TwilioState,
    organizations: &[Uuid],
    inbound: &Inbound,
    word: Consent,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let mut confirmed = None;
    for (nth, organization_id) in organizations.iter().enumerate() {
        let binding = Binding {
            organization_id: *organization_id,
            now,
        };
        let words = state
            .database
            .transaction(&binding, async |transaction| {
                match inbound::record(transaction, *organization_id, inbound).await? {
                    Recorded::Fresh => {
                        let is_first = nth == 0;
                        inbound::consents(transaction, *organization_id, inbound, word, is_first)
                            .await
                    }
                    Recorded::Replayed(words) => Ok(words),
                }
            })
            .await?;
        confirmed = confirmed.or(words);
    }
    Ok(confirmed)
}

async fn was_stopped(
    state: &TwilioState,
    organization_id: Uuid,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> Result<bool> {
    let binding = Binding {
        organization_id,
        now,
    };
    state
        .database
        .transaction(&binding, async |transaction| {
            consent::is_opted_out(transaction, organization_id, &inbound.from).await
        })
        .await
}
