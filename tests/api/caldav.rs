//! The client of CalDAV against a real server, Radicale, and against servers that misbehave.

mod dialects;
mod discovery;
mod proxy;
mod reading;
mod refusals;
mod writing;

use chrono::{DateTime, Utc};
use frontdesk::{
    calendar::{caldav::Client, icalendar::write},
    domain::external_calendar::{Entry, EventTime, Listing, Window},
};
use uuid::Uuid;

use crate::support::{
    Radicale,
    linked::{event, timed},
};

/// A client with an account of the server.
fn client(server: &Radicale) -> Client {
    client_at(&server.url(), server.password())
}

fn client_at(address: &str, password: &str) -> Client {
    Client::new(address, "office", password.into(), true).unwrap()
}

/// December 2026 in Denver.
pub fn december() -> Window {
    Window {
        first: "2026-12-01".parse().unwrap(),
        last: "2026-12-31".parse().unwrap(),
        zone: chrono_tz::America::Denver,
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn entry() -> Entry {
    Entry {
        appointment_id: Uuid::from_u128(7),
        key: Uuid::from_u128(8),
        start: at("2026-12-01T17:00:00Z"),
        end: at("2026-12-01T18:00:00Z"),
        zone: chrono_tz::America::Denver,
        is_tentative: false,
        title: "Drain cleaning; kitchen, \u{fc}ber 75 bytes long so that it is folded in the middle of a word".to_owned(),
        place: Some("12 Elm Street\nDenver".to_owned()),
        description: None,
        changed_at: at("2026-11-30T12:00:00Z"),
        invitee: None,
    }
}

/// What a listing says: the name of each resource, and when it is busy.
fn told(listing: &Listing) -> Vec<String> {
    let mut told = Vec::new();
    for resource in &listing.resources {
        let name = resource.id.rsplit('/').next().unwrap();
        if resource.is_deleted {
            told.push(format!("{name} deleted"));
        }
        for event in resource.events.iter().filter(|event| event.is_busy) {
            told.push(match event.time {
                EventTime::Timed { start, end } => {
                    format!("{name} {}/{}", write::utc(start), write::utc(end))
                }
                EventTime::Days { first, end } => format!("{name} {first}/{end}"),
            });
        }
    }
    told.sort();
    told
}

#[tokio::test]
async fn the_server_keeps_its_calendars_over_a_restart() {
    let mut server = Radicale::start().await;
    let calendar = server.make_calendar("work").await;
    let path = format!("{calendar}1.ics");
    server
        .put(&path, &event("1", &timed("20261201T1000", "20261201T1100")))
        .await;
    server.restart().await;
    let objects = server.list(&calendar).await;
    assert_eq!(objects, [(path.clone(), server.get(&path).await.unwrap())]);
    server.delete(&path).await;
    assert_eq!(server.get(&path).await, None);
}
