//! A steady load of calls, and what became of each.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{Datelike, Days, Weekday};
use frontdesk::clock::machine_time;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    Spoken, TestApp,
    app::{CALLED_NUMBER, PHONE_NUMBER_ID},
};

/// How many callers there were in all; each has a number of their own.
static CALLERS: AtomicU32 = AtomicU32::new(0);

/// How long a caller waits for an answer: Vapi's own limit.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How long a call may take at most under the deadline that the service is given.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// What a caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Check,
    Book,
    Message,
    Emergency,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    pub asked_at: Instant,
    pub took: Duration,
    pub tool: Tool,
    /// Who called; no other call has this number.
    pub caller: u32,
    /// What was heard; `None` without an answer.
    pub heard: Option<Spoken>,
}

impl Call {
    /// The words that nobody else's emergency has.
    pub fn token(&self) -> String {
        token(self.caller)
    }

    pub fn is_normal(&self) -> bool {
        self.heard.as_ref().is_some_and(|heard| {
            !heard.is_error && !heard.says("Our system isn't responding right now")
        })
    }
}

/// The instances behind a load balancer: a call that one does not take, or does not answer with 200, is sent to the next.
#[derive(Clone)]
pub struct Instances(Arc<Mutex<Vec<u16>>>);

impl Instances {
    pub fn one(port: u16) -> Self {
        Self(Arc::new(Mutex::new(vec![port])))
    }

    pub fn add(&self, port: u16) {
        self.0.lock().unwrap().push(port);
    }

    pub fn remove(&self, port: u16) {
        self.0.lock().unwrap().retain(|known| *known != port);
    }

    fn in_turn(&self, nth: u32) -> Vec<u16> {
        let mut ports = self.0.lock().unwrap().clone();
        let first = usize::try_from(nth).unwrap() % ports.len().max(1);
        ports.rotate_left(first);
        ports
    }
}

/// Calls that go on until they are ended.
pub struct Load {
    stop: Arc<AtomicBool>,
    calls: Arc<Mutex<Vec<Call>>>,
    running: tokio::task::JoinHandle<()>,
}

impl Load {
    /// So many calls a second, begun whether or not earlier ones were answered: of ten, six check, two book, one leaves a message and one
    /// reports an emergency.
    pub fn begin(port: u16, secret: &'static str, per_second: u32) -> Self {
        Self::begin_on(Instances::one(port), secret, per_second)
    }

    /// The same on several instances, as a load balancer does it.
    pub fn begin_on(instances: Instances, secret: &'static str, per_second: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let (stopped, heard) = (Arc::clone(&stop), Arc::clone(&calls));
        let running = tokio::spawn(async move {
            let http = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
            let mut under_way = JoinSet::new();
            let mut next = tokio::time::interval(Duration::from_secs(1) / per_second);
            while !stopped.load(Ordering::Relaxed) {
                next.tick().await;
                let caller = CALLERS.fetch_add(1, Ordering::Relaxed);
                let (http, heard) = (http.clone(), Arc::clone(&heard));
                let instances = instances.clone();
                under_way.spawn(async move {
                    let call = call(&http, &instances, secret, caller).await;
                    heard.lock().unwrap().push(call);
                });
            }
            while under_way.join_next().await.is_some() {}
        });
        Self {
            stop,
            calls,
            running,
        }
    }

    /// Waits until all calls of one second were answered as usual; how long after now that second began.
    pub async fn is_normal_again(&self, limit: Duration) -> Option<Duration> {
        let begun = Instant::now();
        let mut after = Duration::ZERO;
        while after < limit {
            let (from, until) = (begun + after, begun + after + Duration::from_secs(1));
            // Those who are kept waiting have been answered by then.
            tokio::time::sleep_until((until + ANSWERED_WITHIN).into()).await;
            let calls = self.calls.lock().unwrap();
            let of_second: Vec<&Call> = calls
                .iter()
                .filter(|call| (from..until).contains(&call.asked_at))
                .collect();
            if of_second.len() >= 3 && of_second.iter().all(|call| call.is_normal()) {
                return Some(after);
            }
            after += Duration::from_millis(250);
        }
        None
    }

    /// Ends, and waits for the last answers.
    pub async fn end(self) -> Vec<Call> {
        self.stop.store(true, Ordering::Relaxed);
        self.running.await.unwrap();
        Arc::try_unwrap(self.calls).unwrap().into_inner().unwrap()
    }
}

async fn call(http: &reqwest::Client, instances: &Instances, secret: &str, caller: u32) -> Call {
    let (tool, name, arguments) = match caller % 10 {
        0..=5 => (
            Tool::Check,
            "check_availability",
            json!({ "date": "tomorrow" }),
        ),
        6 | 7 => (
            Tool::Book,
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": appointment(caller) }),
        ),
        8 => (
            Tool::Message,
            "take_message",
            json!({ "message": "Please call me back", "customer_name": "Maria Lopez" }),
        ),
        _ => (
            Tool::Emergency,
            "flag_emergency",
            json!({ "description": token(caller), "service_address": format!("{caller} Elm Street") }),
        ),
    };
    let asked_at = Instant::now();
    let mut heard = None;
    for port in instances.in_turn(caller) {
        heard = ask(http, port, secret, caller, name, &arguments).await;
        if heard.is_some() {
            break;
        }
    }
    Call {
        asked_at,
        took: asked_at.elapsed(),
        tool,
        caller,
        heard,
    }
}

async fn ask(
    http: &reqwest::Client,
    port: u16,
    secret: &str,
    caller: u32,
    name: &str,
    arguments: &Value,
) -> Option<Spoken> {
    let message = json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": format!("chaos-{caller}"),
            "phoneNumberId": PHONE_NUMBER_ID,
            "customer": { "number": number(caller) },
        },
        "phoneNumber": { "id": PHONE_NUMBER_ID, "number": CALLED_NUMBER },
        "toolCallList": [{ "id": "a", "type": "function", "function": { "name": name, "arguments": arguments } }],
    }});
    let answer = http
        .post(format!("http://127.0.0.1:{port}/vapi/webhook"))
        .header("X-Vapi-Secret", secret)
        .json(&message)
        .send()
        .await
        .ok()?;
    if answer.status() != 200 {
        return None;
    }
    let answer: Value = answer.json().await.ok()?;
    Some(Spoken::of(answer["results"].get(0)?))
}

fn number(caller: u32) -> String {
    format!("+1720{}", 2_000_000 + caller)
}

fn token(caller: u32) -> String {
    format!("Water comes through the ceiling of house {caller} now")
}

/// Another hour of another working day for each caller.
fn appointment(caller: u32) -> String {
    let (nth, hour) = (caller / 10 / 10, 8 + caller / 10 % 10);
    let today = machine_time().date_naive();
    let days = (3..60)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    let days: Vec<_> = days.collect();
    let day = days[usize::try_from(nth).unwrap() % days.len()];
    format!("{day}T{hour:02}:00")
}

/// The load of a service of the tests.
pub fn on(app: &TestApp, per_second: u32) -> Load {
    let port = app.url("").rsplit(':').next().unwrap().parse().unwrap();
    Load::begin(port, crate::support::app::SECRET, per_second)
}
