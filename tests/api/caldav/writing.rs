//! Appointments in a calendar.

use frontdesk::{
    calendar::caldav,
    domain::external_calendar::{CalendarError, Entry, Written},
};

use super::{at, client, client_at, december, entry, event, proxy::Proxy, timed, told};
use crate::support::Radicale;

fn later() -> Entry {
    Entry {
        start: at("2026-12-02T20:00:00Z"),
        end: at("2026-12-02T21:30:00Z"),
        is_tentative: true,
        title: "Drain".to_owned(),
        place: None,
        ..entry()
    }
}

#[tokio::test]
async fn an_appointment_is_written_moved_and_removed() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    let written = client.put(&calendar, None, &entry()).await.unwrap();
    assert_eq!(written.resource, caldav::path(&calendar, entry().key));
    assert!(written.etag.is_some());
    let text = server
        .get(&written.resource)
        .await
        .unwrap()
        .replace("\r\n ", "");
    for line in [
        "DTSTART:20261201T170000Z",
        "DTEND:20261201T180000Z",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "SUMMARY:Drain cleaning\\; kitchen\\, \u{fc}ber 75 bytes long so that it is folded in the middle of a word",
        "LOCATION:12 Elm Street\\nDenver",
        "X-FRONTDESK-APPOINTMENT:00000000-0000-0000-0000-000000000007",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(
        !text.contains("ATTENDEE") && !text.contains("ORGANIZER") && !text.contains("VALARM"),
        "{text}"
    );

    let moved = client
        .put(&calendar, Some(&written), &later())
        .await
        .unwrap();
    assert_eq!(moved.resource, written.resource);
    assert_ne!(moved.etag, written.etag);
    let listing = client.list(&calendar, &december(), None).await.unwrap();
    assert_eq!(
        told(&listing),
        ["00000000-0000-0000-0000-000000000008.ics 20261202T200000Z/20261202T213000Z"]
    );
    assert_eq!(listing.resources[0].etag, moved.etag);
    let text = server.get(&written.resource).await.unwrap();
    assert!(
        text.contains("STATUS:TENTATIVE") && !text.contains("LOCATION"),
        "{text}"
    );

    assert_eq!(
        client.remove(&calendar, &written).await,
        Err(CalendarError::Changed)
    );
    client.remove(&calendar, &moved).await.unwrap();
    client.remove(&calendar, &moved).await.unwrap();
    assert!(server.list(&calendar).await.is_empty());
}

#[tokio::test]
async fn what_somebody_added_to_an_appointment_remains_when_it_moves() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    let written = client.put(&calendar, None, &entry()).await.unwrap();
    let text = server.get(&written.resource).await.unwrap();
    let alarm = "CATEGORIES:Blue\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Keys!\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT";
    server
        .put(&written.resource, &text.replace("END:VEVENT", alarm))
        .await;

    assert_eq!(
        client.put(&calendar, Some(&written), &later()).await,
        Err(CalendarError::Changed)
    );
    let whatever = Written {
        etag: None,
        ..written
    };
    client
        .put(&calendar, Some(&whatever), &later())
        .await
        .unwrap();
    let text = server.get(&whatever.resource).await.unwrap();
    for line in [
        "CATEGORIES:Blue",
        "DESCRIPTION:Keys!",
        "DTSTART:20261202T200000Z",
        "SUMMARY:Drain\r\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(text.matches("DTSTART").count(), 1);
}

#[tokio::test]
async fn what_was_deleted_elsewhere_is_gone_and_its_id_is_not_used_for_something_else() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    let written = client.put(&calendar, None, &entry()).await.unwrap();
    server.delete(&written.resource).await;
    assert_eq!(
        client.put(&calendar, Some(&written), &entry()).await,
        Err(CalendarError::Gone)
    );
    client.remove(&calendar, &written).await.unwrap();

    server
        .put(
            &written.resource,
            &event("other", &timed("20261203T1000", "20261203T1130")),
        )
        .await;
    assert_eq!(
        client.put(&calendar, None, &entry()).await,
        Err(CalendarError::IdTaken)
    );
    // Somebody's program stored our event under another name.
    server.delete(&written.resource).await;
    let key = entry().key.to_string();
    server
        .put(
            &format!("{calendar}other.ics"),
            &event(&key, &timed("20261203T1000", "20261203T1130")),
        )
        .await;
    assert_eq!(
        client.put(&calendar, None, &entry()).await,
        Err(CalendarError::IdTaken)
    );

    server.delete(&calendar).await;
    assert_eq!(
        client.put(&calendar, None, &entry()).await,
        Err(CalendarError::Gone)
    );
    client.remove(&calendar, &written).await.unwrap();
}

#[tokio::test]
async fn when_the_answer_is_lost_the_repeat_makes_no_second_event() {
    let server = Radicale::start().await;
    let calendar = server.make_calendar("work").await;
    let proxy = Proxy::to(&server.url()).await;
    let client = client_at(&proxy.url, server.password());
    proxy.lose_the_next_answer();
    let lost = client.put(&calendar, None, &entry()).await;
    assert!(
        matches!(lost, Err(CalendarError::Unavailable(_))),
        "{lost:?}"
    );
    assert_eq!(server.list(&calendar).await.len(), 1);
    // It was changed here meanwhile.
    let written = client.put(&calendar, None, &later()).await.unwrap();
    let objects = server.list(&calendar).await;
    assert_eq!(objects.len(), 1);
    assert!(
        objects[0].1.contains("DTSTART:20261202T200000Z"),
        "{}",
        objects[0].1
    );

    proxy.lose_the_next_answer();
    let lost = client.remove(&calendar, &written).await;
    assert!(
        matches!(lost, Err(CalendarError::Unavailable(_))),
        "{lost:?}"
    );
    client.remove(&calendar, &written).await.unwrap();
    assert!(server.list(&calendar).await.is_empty());
}
