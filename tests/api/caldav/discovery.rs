//! Calendars are found from any address of the server.

use frontdesk::domain::external_calendar::{Calendar, CalendarError};

use super::{client, client_at};
use crate::support::Radicale;

fn calendar(name: &str, is_primary: bool) -> Calendar {
    Calendar {
        id: format!("/office/{name}/"),
        name: name.to_owned(),
        is_primary,
        is_writable: true,
    }
}

#[tokio::test]
async fn calendars_are_found_from_the_host_the_principal_and_a_calendar() {
    let server = Radicale::start().await;
    server.make_calendar("work").await;
    server.make_calendar("private").await;
    let mut all = client(&server).calendars().await.unwrap();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(all, [calendar("private", false), calendar("work", false)]);
    for path in ["/", "/office", "/office/", "/.well-known/caldav"] {
        let found = client_at(&(server.url() + path), server.password())
            .calendars()
            .await
            .unwrap();
        assert_eq!(found.len(), 2, "{path}: {found:?}");
    }
    let one = client_at(&(server.url() + "/office/work"), server.password());
    assert_eq!(one.calendars().await.unwrap(), [calendar("work", true)]);
}

#[tokio::test]
async fn a_wrong_password_is_refused_as_one() {
    let server = Radicale::start().await;
    server.make_calendar("work").await;
    let wrong = client_at(&server.url(), "wrong");
    assert_eq!(wrong.calendars().await, Err(CalendarError::Revoked));
    let listed = wrong.list("/office/work/", &super::december(), None).await;
    assert_eq!(listed, Err(CalendarError::Revoked));
    assert_eq!(format!("{wrong:?}"), "caldav::Client");
}

#[tokio::test]
async fn an_account_without_calendars_and_a_server_that_is_away_are_told_apart() {
    let mut server = Radicale::start().await;
    let client = client(&server);
    assert_eq!(
        client.calendars().await,
        Err(CalendarError::Unreadable("no calendar is found there"))
    );
    server.stop();
    assert_eq!(
        client.calendars().await,
        Err(CalendarError::Unavailable("it cannot be reached"))
    );
}
