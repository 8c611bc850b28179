//! What became of the calls during one fault.

use std::{collections::HashSet, time::Duration};

use tokio_postgres::Client;

use crate::{
    load::{Call, Tool},
    support::{Twilio, eventually::eventually_within},
};

/// How long after a fault every emergency must have reached somebody.
const AFTERWARDS: Duration = Duration::from_secs(90);

/// One fault, in figures.
#[derive(Debug, Default)]
pub struct Row {
    pub fault: &'static str,
    pub calls: usize,
    pub unanswered: usize,
    /// Answered with what is said in an outage.
    pub outage: usize,
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub emergencies: usize,
    pub opened: usize,
    /// Neither opened nor told to the fallback number.
    pub lost: usize,
    /// Opened, and not sent to the contact.
    pub unsent: usize,
    pub confirmed: usize,
    /// Confirmed without exactly one row.
    pub untrue: usize,
    /// How long after the fault calls were answered as usual; `None` when they were not.
    pub recovered: Option<Duration>,
    /// What else went wrong.
    pub problem: Option<String>,
}

impl Row {
    pub fn passed(&self) -> bool {
        self.unanswered + self.lost + self.unsent + self.untrue == 0
            && self.recovered.is_some()
            && self.problem.is_none()
    }

    /// Holds the calls of a fault against the database and against what reached anybody.
    pub async fn of(
        fault: &'static str,
        calls: &[Call],
        recovered: Option<Duration>,
        database: &Client,
        twilio: &Twilio,
        contact: &str,
    ) -> Self {
        let mut took: Vec<Duration> = calls.iter().map(|call| call.took).collect();
        took.sort();
        let at = |share: usize| took.get(took.len() * share / 1_000).copied();
        let of = |tool| calls.iter().filter(move |call| call.tool == tool);
        let emergencies: Vec<&Call> = of(Tool::Emergency).collect();
        let (lost, unsent, opened) =
            emergencies_that_reached_nobody(&emergencies, database, twilio, contact).await;
        let confirmed: Vec<&Call> = of(Tool::Book)
            .filter(|call| {
                call.heard
                    .as_ref()
                    .is_some_and(|heard| heard.says("You're booked"))
            })
            .collect();
        Self {
            fault,
            calls: calls.len(),
            unanswered: calls.iter().filter(|call| call.heard.is_none()).count(),
            outage: calls
                .iter()
                .filter(|call| call.heard.is_some() && !call.is_normal())
                .count(),
            p50: at(500).unwrap_or_default(),
            p99: at(990).unwrap_or_default(),
            longest: took.last().copied().unwrap_or_default(),
            emergencies: emergencies.len(),
            opened,
            lost,
            unsent,
            confirmed: confirmed.len(),
            untrue: untrue(&confirmed, database).await,
            recovered,
            problem: None,
        }
    }
}

/// How many emergencies are neither opened nor told to the fallback number, how many are opened and not sent, and how many are opened.
async fn emergencies_that_reached_nobody(
    emergencies: &[&Call],
    database: &Client,
    twilio: &Twilio,
    contact: &str,
) -> (usize, usize, usize) {
    let mut found = (0, 0, 0);
    let all_are_well = eventually_within(
        AFTERWARDS * 2,
        "every emergency reached somebody",
        async || {
            let rows = database
                .query("select message from public.emergency_incidents", &[])
                .await
                .ok()?;
            let opened: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let opened: HashSet<&str> = opened.iter().map(String::as_str).collect();
            let counts = twilio.counts();
            let told = |call: &Call, number: Option<&str>| {
                counts.keys().any(|(to, body)| {
                    number.is_none_or(|number| to == number) && body.contains(&call.token())
                })
            };
            let (mut missing, mut unsent, mut count) = (0, 0, 0);
            for call in emergencies {
                if opened.contains(call.token().as_str()) {
                    count += 1;
                    unsent += usize::from(!told(call, Some(contact)));
                } else {
                    missing += usize::from(!told(call, None));
                }
            }
            found = (missing, unsent, count);
            tokio::time::sleep(Duration::from_millis(500)).await;
            (missing + unsent == 0).then_some(())
        },
    );
    // What is still missing then is counted.
    drop(tokio::time::timeout(AFTERWARDS, all_are_well).await);
    found
}

async fn untrue(confirmed: &[&Call], database: &Client) -> usize {
    let mut untrue = 0;
    for call in confirmed {
        let rows = database
            .query(
                "select count(*) from public.appointments
                 where vapi_call_id = $1 and status in ('pending', 'confirmed')",
                &[&format!("chaos-{}", call.caller)],
            )
            .await
            .unwrap();
        untrue += usize::from(rows[0].get::<_, i64>(0) != 1);
    }
    untrue
}

/// The head of the table of `docs/operating.md`.
pub fn print_head() {
    println!(
        "| fault | calls | no answer | outage sentence | p50 / p99 / longest, ms | emergencies: opened, lost, unsent | confirmed, untrue | as usual again after |\n|---|---|---|---|---|---|---|---|"
    );
}

/// One row of the table.
pub fn print(row: &Row) {
    let ms = |time: Duration| time.as_millis();
    let recovered = row.recovered.map_or_else(
        || "never".to_owned(),
        |after| format!("{:.1} s", after.as_secs_f32()),
    );
    println!(
        "| {} | {} | {} | {} | {} / {} / {} | {}: {}, {}, {} | {}, {} | {recovered} |",
        row.fault,
        row.calls,
        row.unanswered,
        row.outage,
        ms(row.p50),
        ms(row.p99),
        ms(row.longest),
        row.emergencies,
        row.opened,
        row.lost,
        row.unsent,
        row.confirmed,
        row.untrue,
    );
    if let Some(problem) = &row.problem {
        println!("{}: {problem}", row.fault);
    }
}
