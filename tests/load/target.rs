//! The program under load: how it is asked, and whether what it answers is right.

use std::borrow::Cow;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::{
    Request,
    body::Bytes,
    header::{CONTENT_TYPE, HOST},
};
use serde::Deserialize;

use super::{
    client::{Answer, Endpoint},
    machine::Watched,
    messages::{Ask, Messages, Tool, tool_call_id},
    sign::Signer,
};

/// What a caller hears who was booked.
const BOOKED: [&str; 2] = ["You're booked", "Listo, su visita quedó para"];

/// How a caller is told that a booking is still under way, so that there may be an appointment or none.
const UNSURE: [&str; 2] = ["can't say yet whether", "todavía no sé si"];

/// The class of such an answer.
pub const UNSURE_CLASS: &str = "book_appointment: not known yet";

/// How a caller is told that an emergency was not recorded, behind what they must do first.
const NOT_RECORDED: [&str; 2] = [
    "could not reach our emergency system",
    "No pude llegar a nuestro sistema",
];

/// What a caller hears of whom something is still needed; the fixtures name everything, so it is no answer to them.
const ASKED_BACK: &str = "I still need";

/// The program under load.
pub struct Target {
    /// Its name in the report.
    pub name: &'static str,
    /// Where it is.
    pub endpoint: Endpoint,
    /// How requests are authenticated.
    pub signer: Signer,
    /// Its process, if it runs on this machine.
    pub service: Option<Watched>,
    /// PostgreSQL's processes, if they run on this machine.
    pub postgresql: Option<Watched>,
}

/// What a right answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The appointment is booked.
    Booked,
    /// Something else that is right.
    Other,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    results: Vec<ToolResult<'a>>,
}

#[derive(Deserialize)]
struct ToolResult<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, rename = "toolCallId")]
    tool_call_id: Cow<'a, str>,
    #[serde(borrow)]
    result: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
}

impl Target {
    /// The request of a caller.
    pub fn request(&self, messages: &Messages, ask: &Ask) -> Result<Request<Full<Bytes>>> {
        let body = messages.body(ask);
        let mut request = Request::post(self.endpoint.url.path())
            .header(HOST, self.endpoint.url.authority())
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in self.signer.headers(&body)? {
            request = request.header(name, value);
        }
        Ok(request.body(Full::from(body))?)
    }

    /// What an answer says; else what is wrong with it, as a class that says nothing of the caller.
    pub fn judge(ask: &Ask, answer: &Answer) -> Result<Said, String> {
        if answer.status != 200 {
            return Err(format!("status {}", answer.status.as_u16()));
        }
        let reply: Reply<'_> = serde_json::from_slice(&answer.body)
            .map_err(|_unreadable| "an answer of another shape".to_owned())?;
        let [result] = reply.results.as_slice() else {
            return Err(format!("{} results instead of one", reply.results.len()));
        };
        if result.tool_call_id != tool_call_id(ask.number) {
            return Err("the answer of another tool call".to_owned());
        }
        if result.name != ask.tool.name() {
            return Err("the answer of another tool".to_owned());
        }
        let tells = |words: &str, of: [&str; 2]| of.iter().any(|said| words.contains(said));
        let Some(words) = &result.result else {
            let error = result.error.as_deref().unwrap_or_default();
            if ask.tool == Tool::Book && tells(error, UNSURE) {
                return Err(UNSURE_CLASS.to_owned());
            }
            return Err(format!("{}: an error instead of a result", ask.tool.name()));
        };
        if words.is_empty() || words.contains('\n') || words.starts_with(ASKED_BACK) {
            return Err(format!("{}: a result that is no answer", ask.tool.name()));
        }
        if ask.tool == Tool::Emergency && tells(words, NOT_RECORDED) {
            return Err(format!("{}: it was not recorded", ask.tool.name()));
        }
        let is_booked = ask.tool == Tool::Book && BOOKED.iter().any(|said| words.starts_with(said));
        Ok(if is_booked { Said::Booked } else { Said::Other })
    }

    /// Waits until the program answers at all.
    pub async fn is_there(&self) -> Result<()> {
        let trying = async {
            while self.endpoint.connect().await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), trying)
            .await
            .with_context(|| format!("nobody listens at {}", self.endpoint.url))
    }
}
