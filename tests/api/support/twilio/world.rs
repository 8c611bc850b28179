//! What the Twilio of the tests knows: accounts, messages, calls, and how the next requests go.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{ACCOUNT, TOKEN, callbacks::Callback};

/// How a request for a number goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaves {
    /// A message is delivered, a call rings.
    Well,
    /// Each callback comes twice.
    Twice,
    /// The callbacks come in the wrong order.
    Reversed,
    /// The state changes, and nothing is called back.
    WithoutCallbacks,
    /// The callbacks come when the test releases them.
    Held,
    /// The message stays queued.
    Queued,
    /// The carrier has it, and says no more.
    SentOnly,
    /// The carrier could not deliver it, for this reason.
    Undelivered(u32),
    /// Refused with this status and code.
    Refused(u16, u32),
    /// No time for it; how long to wait, if that is said.
    TooMany(Option<u32>),
    /// An answer of 500; whether it is done all the same.
    Broken { is_done: bool },
    /// The connection is closed without an answer; whether it is done all the same.
    Closed { is_done: bool },
    /// No answer comes; whether it is done all the same.
    Silent { is_done: bool },
    /// As an outage: connections are refused.
    Gone,
    /// A call that is busy.
    Busy,
    /// A call that nobody answers.
    NoAnswer,
    /// A call that an answering machine picks up.
    Machine,
}

/// A text message.
#[derive(Clone, Debug)]
pub struct Message {
    pub sid: String,
    pub account: String,
    pub to: String,
    pub from: String,
    pub body: String,
    pub status: String,
    pub error_code: Option<u32>,
    pub validity: Option<String>,
    pub is_expected: bool,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub sid: String,
    pub account: String,
    pub to: String,
    pub from: String,
    pub url: String,
    pub callback: Option<String>,
    pub machine_callback: Option<String>,
    pub status: String,
    pub is_expected: bool,
}

pub type Hook = Arc<dyn Fn(&'static str) + Send + Sync>;

/// What Twilio knows.
pub struct World {
    pub accounts: HashMap<String, String>,
    pub app_port: Option<u16>,
    pub messages: Vec<Message>,
    pub calls: Vec<Call>,
    pub behaviours: HashMap<String, VecDeque<Behaves>>,
    pub held: Vec<Callback>,
    pub requests: Vec<(String, Vec<(String, String)>)>,
    pub hook: Option<Hook>,
    pub is_indifferent: bool,
    /// How every request goes while all of it is down.
    pub outage: Option<Behaves>,
    /// Requests that are not done with all their callbacks.
    pub underway: usize,
    next: u32,
}

impl Default for World {
    fn default() -> Self {
        Self {
            accounts: HashMap::from([(ACCOUNT.to_owned(), TOKEN.to_owned())]),
            app_port: None,
            messages: Vec::new(),
            calls: Vec::new(),
            behaviours: HashMap::new(),
            held: Vec::new(),
            requests: Vec::new(),
            hook: None,
            is_indifferent: false,
            outage: None,
            underway: 0,
            next: 0,
        }
    }
}

impl World {
    /// An id that no other thing has.
    pub fn sid(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("{kind}{:032x}", self.next)
    }

    /// How the next request for a number goes.
    pub fn next_behaviour(&mut self, to: &str) -> Behaves {
        if let Some(outage) = &self.outage {
            return outage.clone();
        }
        self.behaviours
            .get_mut(to)
            .and_then(VecDeque::pop_front)
            .unwrap_or(Behaves::Well)
    }

    pub fn call(&mut self, sid: &str) -> &mut Call {
        self.calls.iter_mut().find(|call| call.sid == sid).unwrap()
    }

    /// What came that no test expected.
    pub fn unexpected(&self) -> Vec<String> {
        let messages = self
            .messages
            .iter()
            .filter(|message| !message.is_expected)
            .map(|message| format!("a text to {}: {}", message.to, message.body));
        let calls = self
            .calls
            .iter()
            .filter(|call| !call.is_expected)
            .map(|call| format!("a call to {}", call.to));
        messages.chain(calls).collect()
    }
}
