//! `make soak`: the previous release under a steady load of calls through an upgrade: `migrate` while it serves, a rolling restart to this
//! program, back to the previous one, and to this one again. It takes about two minutes, and ends by itself.
//!
//! It passes when every call was answered as usual, every emergency was opened and sent, every booking that was confirmed is a row
//! of its own, and every instance was ready whenever it was asked.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]
#![expect(
    unused_imports,
    reason = "the tests over HTTP share `support`, and use more of it"
)]

#[path = "../chaos/load.rs"]
#[expect(dead_code, reason = "the faults share it, and use more of it")]
mod load;
#[path = "../chaos/report.rs"]
mod report;
#[path = "../api/support/mod.rs"]
#[expect(dead_code, reason = "the tests over HTTP share it, and use more of it")]
mod support;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use load::{Call, Instances, Load};
use report::Row;
use support::{
    TestDatabase, Twilio,
    app::{ORGANIZATION, SECRET},
    database, eventually_within,
    process::Process,
    twilio::{ACCOUNT, NUMBER, PUBLIC_URL, TOKEN},
};
use tokio::time::sleep;

/// Calls a second.
const PER_SECOND: u32 = 10;
/// How long calls go on between two steps.
const BETWEEN: Duration = Duration::from_secs(5);
const CONTACT: &str = "+13035550103";

/// One contact, who is texted only, and no limit that the load would reach.
const ROSTER: &str = "
    insert into emergency_contacts (organization_id, name, phone, escalation_timeout, call_enabled)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 3600, false);
    update organizations
    set settings = settings || '{\"capacity\": 50, \"limits\": {\"messages_per_day\": 100000, \"pages_per_day\": 100000}}'";

fn this_program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_frontdesk"))
}

fn previous_program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/previous/frontdesk")
}

/// Two instances, and what they work with.
struct Stage {
    database: TestDatabase,
    twilio: Twilio,
    http: reqwest::Client,
    instances: Instances,
    running: Vec<Process>,
}

impl Stage {
    /// On a database of the previous release, as that makes it.
    async fn new() -> Self {
        let (database, twilio) = (database::empty().await, Twilio::start().await);
        twilio.expects_anything();
        migrate(&previous_program(), &database).await;
        database
            .run("alter role frontdesk_app login; set client_min_messages = warning")
            .await;
        database.run(ORGANIZATION).await;
        database.run(ROSTER).await;
        let mut stage = Self {
            database,
            twilio,
            http: reqwest::Client::new(),
            instances: Instances::one(0),
            running: Vec::new(),
        };
        stage.instances.remove(0);
        for _ in 0..2 {
            stage.starts(&previous_program()).await;
        }
        stage
    }

    /// Starts an instance, and lets calls come to it once it is ready.
    async fn starts(&mut self, program: &Path) {
        let settings = [
            ("TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("TWILIO_AUTH_TOKEN", TOKEN.to_owned()),
            ("TWILIO_API_URL", self.twilio.url()),
            ("TWILIO_FROM", NUMBER.to_owned()),
            ("FRONTDESK_PUBLIC_URL", PUBLIC_URL.to_owned()),
            ("FRONTDESK_NOW", String::new()),
            // The machine is shared; how long an answer takes is for others to say.
            ("FRONTDESK_DEADLINE_MS", "8000".to_owned()),
        ];
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let process = Process::of_program(program, &self.database.service_url(), &settings).await;
        eventually_within(
            Duration::from_mins(1),
            "the instance is ready",
            async || {
                let is_ready = self.is_ready(process.port).await;
                sleep(Duration::from_millis(100)).await;
                is_ready.then_some(())
            },
        )
        .await;
        self.twilio.reaches(process.port);
        self.instances.add(process.port);
        self.running.push(process);
    }

    /// Puts this program in the place of each instance, one after the other.
    async fn rolls_to(&mut self, program: &Path) {
        for _ in 0..self.running.len() {
            self.starts(program).await;
            // Calls come to the instance that stops until it is gone, as they do with a load balancer that has not noticed yet.
            let stopping = self.running.remove(0);
            let port = stopping.port;
            stops(stopping).await;
            self.instances.remove(port);
        }
    }

    async fn is_ready(&self, port: u16) -> bool {
        let url = format!("http://127.0.0.1:{port}/health/ready");
        let asked = self.http.get(url).send().await;
        asked.is_ok_and(|reply| reply.status() == 200)
    }

    async fn are_ready(&self) -> bool {
        for process in &self.running {
            if !self.is_ready(process.port).await {
                return false;
            }
        }
        true
    }
}

/// Tells an instance to stop as a deployment does, and waits until it is gone.
async fn stops(mut instance: Process) {
    let id = rustix::process::Pid::from_child(&instance.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let waiting = tokio::task::spawn_blocking(move || {
        let stopped = instance.child.wait().unwrap();
        (instance, stopped)
    });
    let (instance, stopped) = waiting.await.unwrap();
    print_troubles(&instance);
    assert!(stopped.success());
}

/// What an instance had to say of failures.
fn print_troubles(instance: &Process) {
    for line in instance.log() {
        let level = line["level"].as_str().unwrap_or_default().to_lowercase();
        if ["error", "warn"].contains(&level.as_str()) || line.is_string() {
            println!("        {line}");
        }
    }
}

/// Runs `migrate` of a program, which must succeed; what it printed.
async fn migrate(program: &Path, database: &TestDatabase) -> String {
    let (program, url) = (program.to_owned(), database.url());
    let output = tokio::task::spawn_blocking(move || {
        Command::new(program)
            .arg("migrate")
            .env_clear()
            .env("DATABASE_URL", url)
            .output()
            .unwrap()
    });
    let output = output.await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The texts of all functions, as one.
const FUNCTIONS: &str = "
    select md5(string_agg(p.oid::regprocedure::text || p.prosrc, ' ' order by p.oid::regprocedure::text))
    from pg_proc as p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)";

/// Everything is replaced: each function, each policy, each trigger.
const ALL_ARE_OLDER: &str =
    "update private.schema_files set checksum = 'older' where name not like 'migrations/%'";

async fn upgrade() -> (Row, bool) {
    let mut stage = Stage::new().await;
    let load = Load::begin_on(stage.instances.clone(), SECRET, PER_SECOND);
    let begun = Instant::now();
    let mut steps = vec![(Duration::ZERO, "the previous release serves".to_owned())];
    let mut step = |name: &str| steps.push((begun.elapsed(), name.to_owned()));
    let mut were_ready = true;
    sleep(BETWEEN).await;

    step("migrate, while the previous release serves");
    let printed = migrate(&this_program(), &stage.database).await;
    step(printed.lines().last().unwrap());
    sleep(BETWEEN).await;
    were_ready &= stage.are_ready().await;

    step("rolling restart to this release");
    stage.rolls_to(&this_program()).await;
    sleep(BETWEEN).await;
    were_ready &= stage.are_ready().await;

    step("migrate of the previous release, and rolling restart back to it");
    let functions: String = stage.database.value(FUNCTIONS).await;
    migrate(&previous_program(), &stage.database).await;
    let after: String = stage.database.value(FUNCTIONS).await;
    assert_eq!(functions, after, "the previous release replaced functions");
    stage.rolls_to(&previous_program()).await;
    sleep(BETWEEN).await;
    were_ready &= stage.are_ready().await;

    step("every function, trigger and policy replaced, while the previous release serves");
    stage.database.run(ALL_ARE_OLDER).await;
    let printed = migrate(&this_program(), &stage.database).await;
    step(printed.lines().last().unwrap());
    sleep(BETWEEN).await;
    were_ready &= stage.are_ready().await;

    step("rolling restart to this release again");
    stage.rolls_to(&this_program()).await;
    sleep(BETWEEN).await;
    were_ready &= stage.are_ready().await;

    let recovered = load.is_normal_again(Duration::from_secs(10)).await;
    let calls = load.end().await;
    step("the end");
    stage.running.iter().for_each(print_troubles);
    print_steps(begun, &steps, &calls);
    let client = stage.database.connect().await;
    let row = Row::of(
        "an upgrade, back, and again",
        &calls,
        recovered,
        &client,
        &stage.twilio,
        CONTACT,
    )
    .await;
    (row, were_ready)
}

/// What became of the calls of each step.
fn print_steps(begun: Instant, steps: &[(Duration, String)], calls: &[Call]) {
    for pair in steps.windows(2) {
        let (from, until) = (begun + pair[0].0, begun + pair[1].0);
        let of_step = || {
            calls
                .iter()
                .filter(|call| (from..until).contains(&call.asked_at))
        };
        println!(
            "{:>5.1} s  {}: {} calls, longest {} ms",
            pair[0].0.as_secs_f32(),
            pair[0].1,
            of_step().count(),
            of_step()
                .map(|call| call.took.as_millis())
                .max()
                .unwrap_or(0),
        );
        for call in of_step().filter(|call| !call.is_normal()) {
            println!("not as usual: {call:?}");
        }
    }
}

fn main() -> ExitCode {
    assert!(
        previous_program().exists(),
        "target/previous/frontdesk is missing: run `make soak`"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (row, were_ready) = runtime.block_on(upgrade());
    report::print_head();
    report::print(&row);
    if row.passed() && row.outage == 0 && were_ready {
        println!("1 passed, 0 failed");
        return ExitCode::SUCCESS;
    }
    println!("an instance was not ready: {}", !were_ready);
    ExitCode::FAILURE
}
