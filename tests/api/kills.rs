//! The process is killed (SIGKILL) at random points of the chain and started again: one emergency, nobody passed over, no page lost, and
//! nothing sent twice that was not known to be doubtful. `make soak` does it more than two hundred times (`FRONTDESK_KILL_SEEDS=17`).

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::support::{
    TestDatabase, Twilio,
    app::{NOW, ORGANIZATION, ORGANIZATION_ID, PHONE_NUMBER_ID, SECRET, SECRETS_KEY, http},
    eventually,
    twilio::{ACCOUNT, NUMBER, PUBLIC_URL, TOKEN},
};

/// How many chains there are, each with other points, unless the environment says otherwise.
const SEEDS: u64 = 3;
/// How often the process is killed in each of the four stretches of a chain.
const KILLS: u64 = 3;
/// How long a contact has to answer; longer than all lives of the process in one stretch.
const STEP: TimeDelta = TimeDelta::seconds(120);
/// How much later the clock stands in each life: beyond the lease of an attempt.
const LIFE: TimeDelta = TimeDelta::seconds(25);

/// A process that lives until it is killed.
struct Life {
    child: Arc<Mutex<Child>>,
    port: Option<oneshot::Receiver<u16>>,
}

impl Life {
    fn begin(database: &TestDatabase, twilio: &Twilio, now: DateTime<Utc>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", database.service_url())
            .env("VAPI_SECRET", SECRET)
            .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
            .env("FRONTDESK_LISTEN", "127.0.0.1:0")
            .env("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0")
            .env("FRONTDESK_POOL_SIZE", "2")
            .env("FRONTDESK_WORKERS", "1")
            .env("FRONTDESK_NOW", now.to_rfc3339())
            .env("FRONTDESK_PUBLIC_URL", PUBLIC_URL)
            .env("TWILIO_ACCOUNT_SID", ACCOUNT)
            .env("TWILIO_AUTH_TOKEN", TOKEN)
            .env("TWILIO_API_URL", twilio.url())
            .env("TWILIO_FROM", NUMBER)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, port) = oneshot::channel();
        let twilio = twilio.clone();
        std::thread::spawn(move || {
            let mut sender = Some(sender);
            for line in lines.map_while(Result::ok) {
                let line: Value = serde_json::from_str(&line).unwrap_or_default();
                if line["message"] == "listening"
                    && let Some(sender) = sender.take()
                {
                    let address = line["listen"].as_str().unwrap().to_owned();
                    let port = address.rsplit(':').next().unwrap().parse().unwrap();
                    twilio.reaches(port);
                    let _ = sender.send(port);
                }
            }
        });
        Self {
            child: Arc::new(Mutex::new(child)),
            port: Some(port),
        }
    }

    /// The port, unless the process dies before it listens.
    async fn port(&mut self) -> Option<u16> {
        self.port.take()?.await.ok()
    }

    fn kill(child: &Mutex<Child>) {
        let mut child = child.lock().unwrap();
        drop(child.kill());
        drop(child.wait());
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        Self::kill(&self.child);
    }
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The caller's report; the agent asks again until somebody answers.
async fn report(port: u16) -> bool {
    let call = json!({ "id": "tool-1", "type": "function", "function": {
        "name": "flag_emergency",
        "arguments": { "description": "Water through the ceiling", "service_address": "12 Elm Street" },
    }});
    let message = json!({ "message": {
        "type": "tool-calls",
        "toolCallList": [call],
        "call": { "id": "call-1", "phoneNumberId": PHONE_NUMBER_ID, "customer": { "number": "+13035551234" } },
    }});
    let sent = http()
        .post(format!("http://127.0.0.1:{port}/vapi/webhook"))
        .header("X-Vapi-Secret", SECRET)
        .json(&message)
        .send()
        .await;
    match sent {
        Ok(answer) => answer
            .json::<Value>()
            .await
            .is_ok_and(|body| body["results"][0]["result"].is_string()),
        Err(_) => false,
    }
}

/// One life of the process that ends at a random point: after some time, or at some request of Twilio's.
async fn short_life(
    database: &TestDatabase,
    twilio: &Twilio,
    now: DateTime<Utc>,
    dice: &mut Dice,
    is_reported: &mut bool,
) {
    let mut life = Life::begin(database, twilio, now);
    let (left, child) = (
        AtomicU32::new(u32::try_from(dice.below(6)).unwrap()),
        Arc::clone(&life.child),
    );
    twilio.on_request(move |_when| {
        if left.fetch_sub(1, Ordering::SeqCst) == 0 {
            Life::kill(&child);
        }
    });
    // Now and then while it starts, else soon after it listens. The point is what is random here; nothing is waited for.
    let is_early = dice.below(8) == 0;
    let early = Duration::from_millis(dice.below(300));
    let late = Duration::from_micros(dice.below(60_000));
    if is_early {
        drop(tokio::time::timeout(early, life.port()).await);
        return;
    }
    let Some(port) = life.port().await else {
        return;
    };
    let living = async {
        if !*is_reported {
            *is_reported = report(port).await;
        }
        std::future::pending::<()>().await;
    };
    drop(tokio::time::timeout(late, living).await);
}

/// A life that is left alone until nothing is due any more.
async fn long_life(
    database: &TestDatabase,
    twilio: &Twilio,
    now: DateTime<Utc>,
    is_reported: &mut bool,
) {
    twilio.on_request(|_when| {});
    let mut life = Life::begin(database, twilio, now);
    let port = life.port().await.expect("the service starts");
    if !*is_reported {
        // On a busy machine the answer may come too late for the caller, who then asks again.
        eventually("the report is answered", async || {
            report(port).await.then_some(())
        })
        .await;
        *is_reported = true;
    }
    eventually("nothing is due", async || {
        let rows = database
            .rows(
                "select (select count(*) from emergency_incidents where due_at <= $1)
                      + (select count(*) from private.outbox where due_at <= $1 or state in ('sending', 'unknown', 'pending'))",
                &[&now],
            )
            .await;
        (rows[0].get::<_, i64>(0) == 0).then_some(())
    })
    .await;
    twilio.is_quiet().await;
}

#[tokio::test]
async fn a_process_that_is_killed_at_any_point_loses_no_page_and_passes_nobody_over() {
    let seeds = match std::env::var("FRONTDESK_KILL_SEEDS") {
        Ok(number) => number.parse().unwrap(),
        Err(_) => SEEDS,
    };
    let (mut kills, mut repeats) = (0, 0);
    for seed in 0..seeds {
        let mut dice = Dice(seed);
        let twilio = Twilio::start().await;
        twilio.expects_anything();
        let database = TestDatabase::new().await;
        database.run(ORGANIZATION).await;
        database
            .run(
                "update organizations
                 set emergency_contact_phone = '+13035550105', settings = '{\"emergency\": {\"rounds\": 1}}';
                 insert into emergency_contacts
                     (organization_id, name, phone, priority, escalation_timeout, call_enabled)
                 values
                     ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1, 120, true),
                     ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 120, false)",
            )
            .await;
        let begun: DateTime<Utc> = NOW.parse().unwrap();
        let mut is_reported = false;
        let mut now = begun;
        for stretch in 0..4 {
            for _ in 0..KILLS {
                short_life(&database, &twilio, now, &mut dice, &mut is_reported).await;
                kills += 1;
                now += LIFE;
            }
            long_life(&database, &twilio, now, &mut is_reported).await;
            now = match stretch {
                3 => now,
                _ => next_step(&database, now).await,
            };
        }
        repeats += check(&database, &twilio, seed).await;
    }
    assert_eq!(kills, seeds * 4 * KILLS);
    println!("{kills} kills, {repeats} messages or calls more than once");
}

/// When the chain moves on; never before the time that it is.
async fn next_step(database: &TestDatabase, now: DateTime<Utc>) -> DateTime<Utc> {
    let due: Vec<Option<DateTime<Utc>>> = database
        .column("select due_at from emergency_incidents")
        .await;
    due[0].map_or(now + STEP, |due| due.max(now))
}

async fn check(database: &TestDatabase, twilio: &Twilio, seed: u64) -> usize {
    let incident = database.object("select * from emergency_incidents").await;
    assert_eq!(incident["status"], "exhausted", "{seed}: {incident}");
    assert_eq!(incident["organization_id"], json!(ORGANIZATION_ID));
    let pages: Vec<String> = database
        .column(
            "select format('%s %s %s', step, notification_type, count(*))
             from emergency_notifications
             group by step, notification_type
             order by 1",
        )
        .await;
    assert_eq!(
        pages,
        ["0 sms 1", "0 voice 1", "1 sms 1", "2 sms 1", "2 voice 1"],
        "{seed}"
    );
    let doubtful: i64 = database
        .value("select count(*) from private.outbox_attempts where may_repeat")
        .await;
    let counts = twilio.counts();
    for number in ["+13035550103", "+13035550104", "+13035550105"] {
        let texts = counts
            .iter()
            .filter(|((to, body), _)| to == number && !body.is_empty());
        assert!(
            texts.count() >= 1,
            "{seed}: {number} was not texted: {counts:?}"
        );
    }
    for number in ["+13035550103", "+13035550105"] {
        let calls = counts.get(&(number.to_owned(), String::new()));
        assert!(
            calls.is_some(),
            "{seed}: {number} was not called: {counts:?}"
        );
    }
    let twice: usize = counts.values().map(|count| count - 1).sum();
    assert!(
        i64::try_from(twice).unwrap() <= doubtful,
        "{seed}: {twice} more than once, {doubtful} doubtful"
    );
    let tasks: i64 = database.value("select count(*) from staff_tasks").await;
    assert_eq!(tasks, 1, "{seed}");
    twice
}
