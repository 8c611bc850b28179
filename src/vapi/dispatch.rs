//! What is done with an authentic message.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::time::Instant;

use super::{
    VapiState,
    authenticate::Principal,
    control::VapiLine,
    destination::{TransferDestination, can_return, destination},
    message::{CallFacts, Kind, Message},
    refused,
    reply::{self, AssistantReply, ToolResult, TransferReply},
    report::{language_change, status_update},
    tool_call::{MAX_CALLS, ToolCall},
    transfer_report,
};
use crate::{
    calls::{
        line::Line,
        record::{self, CallReport},
        transfer::{self, CallReports},
    },
    directory::Organization,
    domain::{language::Language, speech::Speech},
    error::{Error, Result},
    tools::{self, Answer, Context, Request, arguments, flag_emergency, refusal, transfer_call},
};

/// What Vapi is answered with status 200.
pub enum Reply {
    /// To `tool-calls`: one result for each call, in order.
    Tools(Vec<ToolResult>),
    /// To the legacy `function-call`.
    Function(reply::FunctionResult),
    /// To `assistant-request`.
    Assistant(AssistantReply),
    /// To `transfer-destination-request`.
    Transfer(TransferReply),
    /// To everything else: `{}`.
    Acknowledged,
}

impl VapiState {
    /// Does what a message asks, and makes its reply.
    ///
    /// # Errors
    ///
    /// When a message that wants nothing but to be kept could not be kept: Vapi may then send it again.
    pub async fn answer(&self, principal: Principal, message: Message) -> Result<Reply> {
        let deadline = Instant::now() + self.deadline;
        let now = self.clock.now();
        let Message {
            kind,
            call,
            transfers,
        } = message;
        let mut reports = CallReports {
            transfers,
            ..CallReports::default()
        };
        let calls = async |calls| {
            self.tool_calls(principal, &call, calls, deadline, now)
                .await
        };
        let report = match kind {
            Kind::ToolCalls(list) => {
                return Ok(Reply::Tools(calls(list).await));
            }
            Kind::FunctionCall(only) => {
                let results = calls(vec![only]).await;
                let body = results.first().map(|result| &result.body);
                return Ok(body.map_or(Reply::Acknowledged, |body| {
                    Reply::Function(reply::function_result(body))
                }));
            }
            Kind::AssistantRequest => {
                // Boxed here and below, or the future of every tool call would be larger by it.
                let choice = Box::pin(self.assistant(principal, &call, deadline, now)).await;
                return Ok(Reply::Assistant(match choice {
                    Ok(choice) => reply::assistant_reply(Ok(choice)),
                    Err(words) => reply::assistant_reply(Err(words.as_str())),
                }));
            }
            Kind::TransferDestinationRequest => {
                let chosen = Box::pin(self.destination(principal, &call, deadline, now)).await;
                return Ok(Reply::Transfer(match chosen {
                    Ok(destination) => reply::transfer_reply(Ok(destination)),
                    Err(words) => reply::transfer_reply(Err(words.as_str())),
                }));
            }
            Kind::StatusUpdate {
                status,
                ended_reason,
            } => {
                let end = ended_reason.as_deref().and_then(transfer_report::end);
                reports.of_the_last = transfer_report::status(&status)
                    .into_iter()
                    .chain(end)
                    .collect();
                Some(status_update(status, ended_reason))
            }
            Kind::LanguageChange(language) => match Language::parse(&language) {
                Some(language) => Some(language_change(language)),
                // Whoever speaks a third language goes on being answered as before.
                None => return Ok(Reply::Acknowledged),
            },
            Kind::EndOfCallReport(report) => {
                let end = report.ended_reason.as_deref();
                reports
                    .of_the_last
                    .extend(end.and_then(transfer_report::end));
                Some((*report).into())
            }
            // A message that wants nothing may still say that a transfer came to nothing.
            Kind::Other(_) if !reports.transfers.is_empty() => None,
            Kind::Other(_) => return Ok(Reply::Acknowledged),
        };
        Box::pin(self.keep(principal, &call, report, &reports, deadline, now)).await?;
        Ok(Reply::Acknowledged)
    }

    async fn tool_calls(
        &self,
        principal: Principal,
        facts: &CallFacts,
        calls: Vec<ToolCall>,
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Vec<ToolResult> {
        let requests: Vec<Arc<Request>> = calls.into_iter().map(request).map(Arc::new).collect();
        let answers = if requests.len() > MAX_CALLS {
            tracing::warn!(
                call.id = facts.vapi_call_id,
                tool_calls = requests.len(),
                "more tool calls at once than are worked on"
            );
            Box::pin(self.answers_to_too_many(principal, facts, &requests, now)).await
        } else {
            self.answers(principal, facts, &requests, deadline, now)
                .await
        };
        requests
            .iter()
            .zip(answers)
            .map(|(request, answer)| ToolResult {
                name: request.name.clone(),
                tool_call_id: request.id.clone(),
                body: flag_emergency::safe(request, answer).text(),
            })
            .collect()
    }

    async fn answers(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Arc<Request>],
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let arrived = Instant::now();
        let answers = match self.organization(principal, facts, deadline).await {
            Ok(Some(organization)) => {
                let is_suspended = self.directory.suspensions.contains(organization.id);
                let context = Arc::new(self.context(organization, facts, requests, deadline, now));
                if is_suspended {
                    let answers =
                        refused::answers_of_suspended(&context, requests, &self.background);
                    Box::pin(answers).await
                } else {
                    tools::run_all(&context, requests, &self.background).await
                }
            }
            Ok(None) => Box::pin(self.answers_for_nobody(principal, facts, requests, now)).await,
            Err(error) => {
                let heard = facts.vapi_call_id.as_deref();
                if let Some(language) = heard.and_then(|call| self.languages.heard(call, now)) {
                    hear(requests, language);
                }
                Self::answers_in_an_outage(facts, requests, &error, arrived)
            }
        };
        if answers.iter().all(|answer| answer.stopped_by.is_none()) {
            return answers;
        }
        let origin = refused::origin(principal, facts);
        Box::pin(tools::record_elsewhere(
            &self.fallback,
            &origin,
            requests,
            answers,
            now,
        ))
        .await
    }

    fn context(
        &self,
        organization: Arc<Organization>,
        facts: &CallFacts,
        requests: &[Arc<Request>],
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Context {
        let carrier = facts.carrier.as_ref();
        let url = facts.control_url.as_deref();
        let controlled = url.and_then(|url| match self.control_hosts.check(url) {
            Ok(url) => {
                let line = VapiLine::new(&self.control, url, carrier);
                Some(Arc::new(line) as Arc<dyn Line>)
            }
            Err(problem) => {
                tracing::warn!(problem = %problem, "a control URL was refused");
                None
            }
        });
        let control_url = url.filter(|_| controlled.is_some()).map(SecretString::from);
        // One whose URL was refused is somebody else's: no other way into it is tried.
        let line = controlled.or_else(|| match url {
            None => carrier.and_then(|carrier| (self.carried)(organization.id, carrier)),
            Some(_) => None,
        });
        let call = facts.call();
        let offered = |language: &Language| organization.speaks(*language) == *language;
        // What a tool call names is the language of the call from then on.
        let named = requests
            .iter()
            .rev()
            .find_map(|request| request.named_language());
        if let (Some(language), Some(call_id)) = (named.filter(offered), &call.vapi_call_id) {
            self.languages
                .hear(organization.id, call_id.clone(), language, true, now);
        }
        let known = self.languages.known(&organization, &call, now);
        let in_danger = match known {
            Some(known) if known.is_heard => {
                hear(requests, known.language);
                None
            }
            _ => flag_emergency::language_in_danger(requests).filter(offered),
        };
        let heard = known.filter(|_| in_danger.is_none());
        let heard = heard.map(|known| known.language);
        Context {
            in_danger,
            database: self.database.clone(),
            channels: self.channels.of(&self.directory, organization.id),
            languages: self.languages.clone(),
            heard: heard.map_or_else(OnceLock::new, OnceLock::from),
            local: now.with_timezone(&organization.zone),
            organization,
            call: Arc::new(call),
            control_url,
            line,
            journal: self.journal.clone(),
            now,
            deadline,
        }
    }

    /// `transfer-destination-request`: whom to hand the caller to, when the model transfers without naming anyone.
    async fn destination(
        &self,
        principal: Principal,
        facts: &CallFacts,
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Result<TransferDestination, Speech> {
        let organization = self.known_organization(principal, facts, deadline).await?;
        let language = organization.language;
        let context = self.context(organization, facts, &[], deadline, now);
        let chosen =
            tokio::time::timeout_at(deadline, transfer_call::destination(&context, language)).await;
        match chosen.unwrap_or(Err(Error::Deadline)) {
            Ok(Ok(order)) => {
                let can_return = can_return(facts.carrier.as_ref());
                Ok(destination(&order, &order.announcement, can_return))
            }
            Ok(Err(words)) => Err(words),
            Err(error) => {
                tracing::error!(error = error.chain(), "a destination could not be chosen");
                Err(refusal::not_now(language))
            }
        }
    }

    /// Keeps what a message tells of a call and of its transfers.
    async fn keep(
        &self,
        principal: Principal,
        facts: &CallFacts,
        report: Option<CallReport>,
        reports: &CallReports,
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let Some(organization) = self.organization(principal, facts, deadline).await? else {
            return Ok(());
        };
        let call = facts.call();
        let heard = report.as_ref().and_then(|report| report.language);
        if let (Some(language), Some(call_id)) = (heard, &call.vapi_call_id) {
            self.languages
                .hear(organization.id, call_id.clone(), language, true, now);
        }
        let kept = async {
            // Whether the call is over decides who is told of a transfer that came to nothing.
            if let Some(report) = report {
                record::record(&self.database, &organization, &call, report, now).await?;
            }
            transfer::record(&self.database, organization.id, &call, reports, now).await
        };
        match tokio::time::timeout_at(deadline, kept)
            .await
            .map_err(|_elapsed| Error::Deadline)?
        {
            // Sending it again would not help, so it is refused for good and left to the log.
            Err(error @ Error::ForeignCall) => {
                tracing::error!(
                    call.id = facts.vapi_call_id,
                    vapi.phone_number_id = facts.phone_number_id,
                    vapi.assistant_id = facts.assistant_id,
                    organization.id = %organization.id,
                    error = error.chain(),
                    "a report of a call was refused"
                );
                Ok(())
            }
            kept => kept,
        }
    }
}

/// Takes note of the language that a call was heard in.
fn hear(requests: &[Arc<Request>], language: Language) {
    for request in requests {
        request.heard.set(language).ok();
    }
}

fn request(call: ToolCall) -> Request {
    let (arguments, unreadable) = match call.arguments {
        Ok(arguments) => (Some(arguments), None),
        Err(unreadable) => match arguments::words_of_broken(&unreadable.text) {
            // Whatever is wrong with the form of an emergency, its words are a report.
            Some(words) if call.name == flag_emergency::TOOL.name => {
                (Some(flag_emergency::arguments_of_words(&words)), None)
            }
            words => (None, words),
        },
    };
    Request {
        id: call.id,
        name: call.name,
        arguments,
        unreadable,
        heard: OnceLock::new(),
    }
}
