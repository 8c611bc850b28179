//! What holds for any calendar: random hours, rules and appointments, made from a fixed seed.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::America::Denver;
use frontdesk::{
    db::Multirange,
    domain::plain_day::{self, Needs},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use tokio_postgres::Client;

use crate::support::{TestDatabase, app::ORGANIZATION_ID};

/// How many calendars are looked at.
const CALENDARS: u32 = 24;

/// The day on which all of it happens, a Tuesday without a change of clocks anywhere.
pub const DAY: &str = "2026-12-01";

/// Local noon of the day before, which is now.
const NOW: &str = "2026-11-30T12:00:00";

/// One statement for all of them takes a fraction of the time of one for each.
const OUTCOMES: &str = "
create or replace function pg_temp.outcomes(organization uuid, day date, minutes integer)
returns table (start text, outcome text) language plpgsql as $$
begin
    for quarter in 0..95 loop
        start := to_char(quarter * interval '15 minutes', 'HH24:MI');
        begin
            select b.outcome into outcome
            from private.book_appointment(organization, null, 'Maria', '+13035550142', day, start::time, minutes, 'repair',
                null, null, 'en', null, null) as b;
            raise exception 'undo' using errcode = 'UNDO1';
        exception when sqlstate 'UNDO1' then
            return next;
        end;
    end loop;
end $$";

#[derive(Clone, Debug)]
pub struct Calendar {
    pub capacity: i32,
    step: i32,
    before: i32,
    after: i32,
    travel: i32,
    /// Minutes of the day at which the windows open and close.
    windows: Vec<(i32, i32)>,
    /// Appointments that are there: start and length in minutes, and whether they are called off.
    appointments: Vec<(i32, i32, bool)>,
    /// The length of the appointment that is looked for, in minutes.
    pub minutes: i32,
}

pub fn calendars() -> Vec<Calendar> {
    let window = (0..22_i32, 1..6_i32).prop_map(|(open, hours)| {
        let open = open * 60 + 30 * (hours % 2);
        (open, (open + hours * 120).min(1440))
    });
    let strategy = (
        1..4_i32,
        prop::sample::select(vec![15, 20, 30, 45, 60, 90]),
        prop::sample::select(vec![0, 10, 15]),
        prop::sample::select(vec![0, 5, 30]),
        prop::sample::select(vec![0, 20]),
        prop::collection::vec(window, 1..3),
        prop::collection::vec((0..96_i32, 1..17_i32, any::<bool>()), 0..9),
        prop::sample::select(vec![30, 45, 60, 120]),
    )
        .prop_map(
            |(capacity, step, before, after, travel, windows, appointments, minutes)| Calendar {
                capacity,
                step,
                before,
                after,
                travel,
                windows: apart(windows),
                appointments: appointments
                    .iter()
                    .map(|(at, long, off)| (at * 15, long * 15, *off))
                    .collect(),
                minutes,
            },
        );
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRunner::deterministic().new_rng());
    (0..CALENDARS)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// Windows that do not overlap, in order.
fn apart(mut windows: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    windows.sort_unstable();
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for (open, close) in windows {
        if open < close && kept.last().is_none_or(|(_, last)| *last < open) {
            kept.push((open, close));
        }
    }
    kept
}

fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl Calendar {
    /// Makes it the calendar of the only organization; it is the noon before.
    pub async fn enter(&self, client: &Client, zone: &str) {
        let windows: Vec<_> = self
            .windows
            .iter()
            .map(|(open, close)| json!({ "open": clock(*open), "close": clock(*close) }))
            .collect();
        let settings = json!({
            "capacity": self.capacity, "step_minutes": self.step, "buffer_before_minutes": self.before,
            "buffer_after_minutes": self.after, "travel_minutes": self.travel, "lead_minutes": 0,
            "hours": { "tuesday": windows },
        });
        let sql = format!(
            "delete from appointments;
             update organizations set settings = '{settings}', timezone = '{zone}';
             select set_config('frontdesk.now', ('{NOW}'::timestamp at time zone '{zone}')::text, false)"
        );
        client.batch_execute(&sql).await.unwrap();
        let appointments = self.appointments.iter().map(|(start, minutes, is_off)| {
            let (start, status) = (
                clock(*start),
                if *is_off { "cancelled" } else { "confirmed" },
            );
            // One for which no crew is left is refused, and is not there then.
            format!(
                "begin
                     insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                         scheduled_date, scheduled_time, duration_minutes, status)
                     values ('{ORGANIZATION_ID}', 'Ruth', '+13035550199', 'repair', '{DAY}', '{start}', {minutes}, '{status}');
                 exception when exclusion_violation then null;
                 end;"
            )
        });
        let appointments: String = appointments.collect();
        let sql = format!("do $$ begin {appointments} end $$");
        client.batch_execute(&sql).await.unwrap();
    }

    /// The starts that are offered.
    async fn offered(&self, client: &Client) -> BTreeSet<String> {
        let rows = client
            .query(
                &format!(
                    "select start_time from get_available_time_slots('{ORGANIZATION_ID}', '{DAY}', {}) where is_available",
                    self.minutes
                ),
                &[],
            )
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.get::<_, NaiveTime>(0).format("%H:%M").to_string())
            .collect()
    }

    /// The starts that a check tells from what it remembers of the calendar; none on a day that is not plain.
    async fn remembered(&self, client: &Client) -> Option<BTreeSet<String>> {
        let row = client
            .query_one(
                &format!(
                    "select c.calendar, private.clock(), b.busy from private.calendar_of('{ORGANIZATION_ID}') as c (calendar)
                     cross join lateral private.busy_on('{ORGANIZATION_ID}', private.clock(), '{DAY}',
                         (c.calendar ->> 'version')::bigint, null, null, false) as b
                     where b.is_current"
                ),
                &[],
            )
            .await
            .unwrap();
        let calendar: plain_day::Calendar = serde_json::from_value(row.get(0)).unwrap();
        let needs = Needs {
            minutes: self.minutes.into(),
            before_minutes: None,
            after_minutes: None,
        };
        let day = calendar.plain_day(DAY.parse().unwrap(), needs, row.get(1), Denver)?;
        let busy: Vec<Multirange> = row.get(2);
        let busy: Vec<_> = busy.into_iter().map(|crew| crew.0).collect();
        let starts = day.free(&busy);
        Some(
            starts
                .iter()
                .map(|start| start.format("%H:%M").to_string())
                .collect(),
        )
    }

    /// What comes of booking each quarter of an hour, in order; whatever it is, it is undone before the next.
    pub async fn outcomes(&self, client: &Client) -> Vec<(String, String)> {
        client.batch_execute(OUTCOMES).await.unwrap();
        let sql = format!(
            "select start, outcome from pg_temp.outcomes('{ORGANIZATION_ID}', '{DAY}', {})",
            self.minutes
        );
        let rows = client.query(&sql, &[]).await.unwrap();
        assert_eq!(rows.len(), 96);
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn book(&self, client: &Client, start: &str) -> bool {
        let row = client
            .query(
                &format!(
                    "select b.outcome from private.book_appointment('{ORGANIZATION_ID}', null, 'Maria', '+13035550142',
                         '{DAY}', '{start}', {}, 'repair', null, null, 'en', null, null) as b",
                    self.minutes
                ),
                &[],
            )
            .await
            .unwrap();
        row[0].get::<_, &str>(0) == "booked"
    }

    /// The starts at which a crew is free, worked out from the rows alone.
    async fn free(&self, client: &Client) -> BTreeSet<String> {
        let rows = client
            .query(
                "select crew, scheduled_date + scheduled_time, duration_minutes from appointments where status = 'confirmed'",
                &[],
            )
            .await
            .unwrap();
        let day: NaiveDateTime = format!("{DAY}T00:00:00").parse().unwrap();
        let minute = |at: NaiveDateTime| i32::try_from((at - day).num_minutes()).unwrap();
        let taken: Vec<(i32, i32, i32)> = rows
            .iter()
            .map(|row| {
                let start = minute(row.get(1));
                (row.get(0), start, start + row.get::<_, i32>(2))
            })
            .collect();
        let gap = self.before + self.after + self.travel;
        let mut free = BTreeSet::new();
        for (open, close) in &self.windows {
            let mut start = *open;
            while start + self.minutes <= *close {
                let end = start + self.minutes;
                let is_free = (1..=self.capacity).any(|crew| {
                    taken
                        .iter()
                        .filter(|(of, ..)| *of == crew)
                        .all(|(_, from, until)| end + gap <= *from || until + gap <= start)
                });
                if is_free {
                    free.insert(clock(start));
                }
                start += self.step;
            }
        }
        free
    }
}

#[tokio::test]
async fn what_is_offered_is_what_is_free_and_what_can_be_booked_and_nothing_else() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let client = database.connect().await;
    let (mut seen, mut plain) = (0, 0);
    for calendar in calendars() {
        calendar.enter(&client, "America/Denver").await;
        let offered = calendar.offered(&client).await;
        if let Some(remembered) = calendar.remembered(&client).await {
            assert_eq!(offered, remembered, "{calendar:?}");
            plain += 1;
        }
        assert_eq!(offered, calendar.free(&client).await, "{calendar:?}");
        assert_eq!(database.wrong_busy_days().await, [""; 0], "{calendar:?}");
        for (start, outcome) in calendar.outcomes(&client).await {
            let is_booked = outcome == "booked";
            assert_eq!(is_booked, offered.contains(&start), "{start}: {calendar:?}");
        }
        seen += offered.len();
    }
    assert!(seen > 100, "{seen} slots are too few to say anything");
    assert!(plain > 5, "{plain} plain days are too few");
}

#[tokio::test]
async fn a_slot_that_is_booked_is_gone_and_a_cancellation_gives_back_exactly_that() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let client = database.connect().await;
    for mut calendar in calendars() {
        calendar.capacity = 1;
        calendar.enter(&client, "America/Denver").await;
        let before = calendar.offered(&client).await;
        for start in &before {
            assert!(calendar.book(&client, start).await, "{start}: {calendar:?}");
            let left = calendar.offered(&client).await;
            assert!(
                !left.contains(start) && left.is_subset(&before),
                "{start}: {calendar:?}"
            );
            client
                .batch_execute(
                    "update appointments set status = 'cancelled' where customer_name = 'Maria'",
                )
                .await
                .unwrap();
            assert_eq!(
                calendar.offered(&client).await,
                before,
                "{start}: {calendar:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_calendar_is_the_same_in_every_zone_whose_clocks_stand() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let client = database.connect().await;
    for calendar in calendars() {
        let mut offers = Vec::new();
        for zone in [
            "America/Phoenix",
            "Asia/Kathmandu",
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "UTC",
        ] {
            calendar.enter(&client, zone).await;
            offers.push(calendar.offered(&client).await);
        }
        assert!(
            offers.windows(2).all(|pair| pair[0] == pair[1]),
            "{calendar:?}"
        );
        // A time that is past is never among them, however the day is looked at.
        client
            .batch_execute(&format!(
                "select set_config('frontdesk.now', ('{DAY}T13:00:00'::timestamp at time zone 'UTC')::text, false)"
            ))
            .await
            .unwrap();
        let later = calendar.offered(&client).await;
        let is_later =
            |start: &String| NaiveTime::parse_from_str(start, "%H:%M").unwrap().hour() >= 13;
        let expected: BTreeSet<String> = offers[4]
            .iter()
            .filter(|start| is_later(start))
            .cloned()
            .collect();
        assert_eq!(later, expected, "{calendar:?}");
    }
}
