//! The client of CalDAV against a real server, Radicale.

use crate::support::Radicale;

#[tokio::test]
async fn the_server_keeps_its_calendars_over_a_restart() {
    let mut server = Radicale::start().await;
    let calendar = server.make_calendar("work").await;
    let path = format!("{calendar}1.ics");
    server
        .put(
            &path,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\n\
             DTSTART:20261105T100000Z\r\nDTEND:20261105T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        )
        .await;
    server.restart().await;
    let objects = server.list(&calendar).await;
    assert_eq!(objects, [(path.clone(), server.get(&path).await.unwrap())]);
    server.delete(&path).await;
    assert_eq!(server.get(&path).await, None);
    assert!(!server.user().is_empty() && !server.password().is_empty());
}
