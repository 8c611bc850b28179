//! What other servers answer that RFC 4918 and 4791 say otherwise. Each case is of a public report on some program.

use std::sync::{Arc, Mutex};

use frontdesk::domain::external_calendar::{CalendarError, Written};

use super::{
    december, entry, event,
    refusals::{CALENDAR, asks, listing, multistatus, object, of, response},
    timed, told,
};
use crate::support::http::{Reply, Request};

const ONE: &str = "one.ics 20261203T170000Z/20261203T183000Z";

/// The addresses of these objects, and what is answered to whoever asks for their contents.
async fn told_of(names: &[&str], contents: String) -> Result<Vec<String>, CalendarError> {
    let found: String = names
        .iter()
        .map(|name| response(&format!("{CALENDAR}{name}.ics"), "<getetag>\"1\"</getetag>"))
        .collect();
    let listed = listing(move |request| {
        multistatus(if asks(request, "calendar-multiget") {
            &contents
        } else {
            &found
        })
    })
    .await;
    listed.map(|listing| told(&listing))
}

/// An object without its contents.
fn without(status: &str, has_etag: bool) -> String {
    let etag = "<propstat><prop><getetag>\"1\"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>";
    format!(
        "<response><href>{CALENDAR}bad.ics</href>{}<propstat><prop><C:calendar-data/></prop><status>HTTP/1.1 {status}</status></propstat></response>",
        if has_etag { etag } else { "" }
    )
}

#[tokio::test]
async fn an_object_that_a_server_lists_and_does_not_give_keeps_nobody_from_the_others() {
    let status = |status: &str| {
        format!(
            "<response><href>{CALENDAR}bad.ics</href><status>HTTP/1.1 {status}</status></response>"
        )
    };
    let deleted = vec!["bad.ics deleted".to_owned(), ONE.to_owned()];
    for (bad, expected) in [
        (status("404 Not Found"), deleted.clone()),
        (without("404 Not Found", false), deleted),
        (without("404 Not Found", true), vec![ONE.to_owned()]),
        (without("403 Forbidden", true), vec![ONE.to_owned()]),
        (status("403 Forbidden"), vec![ONE.to_owned()]),
    ] {
        let found = told_of(&["one", "bad"], object("one") + &bad).await;
        assert_eq!(found, Ok(expected), "{bad}");
    }
    // What passes is waited for.
    for bad in [status("503 Busy"), without("500 Error", true)] {
        let found = told_of(&["one", "bad"], object("one") + &bad).await;
        assert_eq!(found, Err(CalendarError::Unavailable("it failed")), "{bad}");
    }
}

#[tokio::test]
async fn objects_that_an_answer_has_no_room_for_are_asked_for_again() {
    let truncated = format!(
        "<response><href>{CALENDAR}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
    );
    for end in [String::new(), truncated] {
        let names: Vec<String> = (0..9).map(|number| format!("o{number}")).collect();
        let listing = listing(move |request| {
            let asked = names
                .iter()
                .filter(|name| asks(request, &format!("{name}.ics")));
            if asks(request, "calendar-multiget") {
                let mut objects: Vec<_> = asked.map(|name| object(name)).collect();
                if objects.len() > 2 {
                    objects.truncate(2);
                    objects.push(end.clone());
                }
                return multistatus(&objects.concat());
            }
            let found = names
                .iter()
                .map(|name| response(&format!("{CALENDAR}{name}.ics"), ""));
            multistatus(&found.collect::<String>())
        })
        .await
        .unwrap();
        let busy = told(&listing);
        assert_eq!(busy.len(), 9, "{busy:?}");
        assert!(
            busy.iter().all(|event| !event.ends_with("deleted")),
            "{busy:?}"
        );
    }
    // One that is left out when it is asked for alone was deleted since.
    let found = told_of(&["one", "bad"], object("one")).await;
    assert_eq!(found.unwrap(), ["bad.ics deleted", ONE]);
}

#[tokio::test]
async fn a_filter_whose_answer_has_no_room_for_all_is_done_without() {
    let listing = listing(|request| match request.method.as_str() {
        "REPORT" if asks(request, "calendar-multiget") => multistatus(&object("one")),
        "REPORT" => multistatus(&format!(
            "<response><href>{CALENDAR}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
        )),
        _ => multistatus(&(response(CALENDAR, "") + &response("/cal/jobs/one.ics", ""))),
    })
    .await
    .unwrap();
    assert_eq!(told(&listing), [ONE]);
}

#[tokio::test]
async fn addresses_are_read_however_they_are_written() {
    for href in [
        "//cal/jobs/one.ics",
        "one.ics",
        " /cal/jobs/one.ics\n",
        "/cal/jobs/%6fne.ics",
    ] {
        let data = event("one", &timed("20261203T1000", "20261203T1130"));
        let answer = response(
            href,
            &format!("<getetag>\"1\"</getetag><C:calendar-data>{data}</C:calendar-data>"),
        );
        let listing = listing(move |_| multistatus(&answer)).await.unwrap();
        assert_eq!(told(&listing), [ONE], "{href}");
    }
    let colon = "event:1.ics";
    let data = event("one", &timed("20261203T1000", "20261203T1130"));
    let answer = response(colon, &format!("<C:calendar-data>{data}</C:calendar-data>"));
    let found = listing(move |_| multistatus(&answer)).await.unwrap();
    assert_eq!(told(&found).len(), 1);
    // A server that does not know its own address would seem to have nothing.
    let elsewhere = response("http://backend.internal/cal/jobs/one.ics", "");
    let found = listing(move |_| multistatus(&elsewhere)).await;
    assert_eq!(
        found,
        Err(CalendarError::Unreadable("the objects lie elsewhere"))
    );
    let nothing = listing(|_| multistatus(&response(CALENDAR, ""))).await;
    assert_eq!(nothing.unwrap().resources, []);
}

#[tokio::test]
async fn whatever_refuses_to_tell_changes_has_everything_listed() {
    for status in [
        400, 403, 404, 405, 409, 410, 412, 415, 418, 422, 500, 501, 507,
    ] {
        let client = of(move |request| {
            if asks(request, "sync-collection") {
                return Reply::empty(status);
            }
            multistatus(&object("one"))
        })
        .await;
        let changes = client.list(CALENDAR, &december(), Some("1")).await;
        assert_eq!(changes, Err(CalendarError::CursorExpired), "{status}");
    }
    for (status, problem) in [
        (401, CalendarError::Revoked),
        (429, CalendarError::Limited { retry_after: None }),
        (502, CalendarError::Unavailable("it failed")),
        (503, CalendarError::Unavailable("it failed")),
    ] {
        let client = of(move |_| Reply::empty(status)).await;
        let changes = client.list(CALENDAR, &december(), Some("1")).await;
        assert_eq!(changes, Err(problem), "{status}");
    }
}

#[tokio::test]
async fn characters_that_xml_does_not_allow_are_read_over() {
    let data = event("one", &timed("20261203T1000", "20261203T1130"));
    for wrong in ["\u{8}", "&#x1A;", "&#0;", "&#xD800;", "\u{c}", "\u{fffe}"] {
        let object = response(
            &format!("{CALENDAR}one.ics"),
            &format!(
                "<C:calendar-data>{}</C:calendar-data>",
                data.replace("Divorce", &format!("Divorce{wrong}"))
            ),
        );
        assert!(object.contains(wrong));
        assert_eq!(told_of(&["one"], object).await.unwrap(), [ONE], "{wrong:?}");
    }
    // Some begin with an empty line, or with the mark of their encoding.
    for start in ["\n", "\u{feff}"] {
        let found = listing(move |_| {
            let Reply::Answer(status, headers, body) = multistatus(&object("one")) else {
                unreachable!()
            };
            Reply::Answer(status, headers, start.to_owned() + &body)
        })
        .await
        .unwrap();
        assert_eq!(told(&found), [ONE], "{start:?}");
    }
}

/// A server with one object, which takes only a version that it knows.
async fn versioned(
    told_version: &'static str,
    takes: &'static str,
) -> (frontdesk::calendar::caldav::Client, Arc<Mutex<Vec<String>>>) {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let puts = Arc::clone(&stored);
    let client = of(move |request: &Request| match request.method.as_str() {
        "PUT" => {
            let versions = request.header("if-match").unwrap_or_default().to_owned();
            if !versions.split(',').any(|version| version.trim() == takes) {
                return Reply::empty(412);
            }
            puts.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&request.body).into_owned());
            Reply::empty(204).with("ETag", told_version)
        }
        "GET" => Reply::Answer(
            200,
            Vec::new(),
            event(
                &entry().key.to_string(),
                &timed("20261203T1000", "20261203T1130"),
            ),
        )
        .with("ETag", told_version),
        _ => Reply::empty(404),
    })
    .await;
    (client, stored)
}

#[tokio::test]
async fn a_version_that_a_proxy_made_weak_is_the_same_version() {
    for (told_version, takes) in [
        ("\"1\"", "\"1\""),
        ("W/\"1\"", "\"1\""),
        ("W/\"1\"", "W/\"1\""),
    ] {
        let (client, stored) = versioned(told_version, takes).await;
        for known in ["\"1\"", "W/\"1\""] {
            let known = Written {
                resource: format!("{CALENDAR}one.ics"),
                etag: Some(known.to_owned()),
            };
            let put = client.put(CALENDAR, Some(&known), &entry()).await;
            assert!(put.is_ok(), "{told_version} {takes}: {put:?}");
        }
        assert_eq!(stored.lock().unwrap().len(), 2);
        let other = Written {
            resource: format!("{CALENDAR}one.ics"),
            etag: Some("W/\"2\"".to_owned()),
        };
        let put = client.put(CALENDAR, Some(&other), &entry()).await;
        assert_eq!(put, Err(CalendarError::Changed));
    }
}

fn invitation(answer: &str) -> String {
    let data = event(
        "one",
        &(timed("20261203T1000", "20261203T1130")
            + &format!(
                "\nORGANIZER:mailto:boss@example.com\nATTENDEE;PARTSTAT={answer}:mailto:ann@example.com"
            )),
    );
    response(
        &format!("{CALENDAR}one.ics"),
        &format!("<C:calendar-data>{data}</C:calendar-data>"),
    )
}

#[tokio::test]
async fn who_declined_is_known_by_the_addresses_that_the_server_has_of_them() {
    // The client signs in as `office`, which is no address.
    for (address, is_busy) in [
        ("mailto:ann@example.com", false),
        ("mailto:Ann@Example.com", false),
        ("mailto:bob@example.com", true),
        ("/me/", true),
    ] {
        let answer = move |request: &Request| match (request.method.as_str(), request.path.as_str())
        {
            ("PROPFIND", "/me/") => multistatus(&response(
                "/me/",
                &format!(
                    "<C:calendar-user-address-set><href>/me/</href><href>{address}</href></C:calendar-user-address-set>"
                ),
            )),
            ("PROPFIND", CALENDAR) => multistatus(&response(
                CALENDAR,
                "<current-user-principal><href>/me/</href></current-user-principal>",
            )),
            _ => multistatus(&invitation("DECLINED")),
        };
        let busy = told(&listing(answer).await.unwrap());
        assert_eq!(!busy.is_empty(), is_busy, "{address}: {busy:?}");
    }
    // One that does not say it, and one to whose calendar nobody was invited.
    let silent = listing(|request| match request.method.as_str() {
        "PROPFIND" => multistatus(&response(CALENDAR, "")),
        _ => multistatus(&invitation("DECLINED")),
    });
    assert_eq!(told(&silent.await.unwrap()), [ONE]);
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let unasked = listing(move |request| {
        *count.lock().unwrap() += usize::from(asks(request, "current-user-principal"));
        multistatus(&object("one"))
    });
    assert_eq!(told(&unasked.await.unwrap()), [ONE]);
    assert_eq!(*asked.lock().unwrap(), 0);
}

#[tokio::test]
async fn calendars_are_found_though_one_home_is_closed_or_a_slash_is_missing() {
    let calendar = |name: &str, props: &str| {
        response(
            &format!("/cal/{name}/"),
            &format!("<resourcetype><collection/><C:calendar/></resourcetype>{props}"),
        )
    };
    let answer = move |request: &Request| match request.path.as_str() {
        "/dav/" => multistatus(&response(
            "/dav/",
            "<C:calendar-home-set><href>/closed/</href><href>/cal/</href></C:calendar-home-set>",
        )),
        "/closed/" => Reply::empty(403),
        "/cal/" => multistatus(
            &(calendar("mine", "") + &calendar("other", "<C:supported-calendar-component-set/>")),
        ),
        _ => Reply::empty(404),
    };
    let port =
        crate::support::http::serve(move |request| std::future::ready(answer(&request))).await;
    for address in ["/dav/", "/dav"] {
        let client = super::client_at(&format!("http://127.0.0.1:{port}{address}"), "secret");
        let found = client.calendars().await.unwrap();
        let names: Vec<_> = found.iter().map(|calendar| calendar.id.as_str()).collect();
        assert_eq!(names, ["/cal/mine/", "/cal/other/"], "{address}");
    }
}

#[tokio::test]
async fn a_server_that_takes_no_password_as_it_is_is_answered_with_a_digest() {
    let challenge = r#"Digest realm="BaikalDAV",qop="auth",nonce="61b106c696182",opaque="d66d5f0524036afcb61420e358f990ce""#;
    let is_answer = |request: &Request, wanted: &[&str]| {
        let header = request.header("authorization").unwrap_or_default();
        wanted.iter().all(|part| header.contains(part))
    };
    let client = of(move |request| {
        let path = format!("uri=\"{CALENDAR}\"");
        let wanted = [
            "username=\"office\"",
            "nonce=\"61b106c696182\"",
            "qop=auth",
            &path,
        ];
        match request.header("authorization") {
            Some(header) if header.starts_with("Digest") && is_answer(request, &wanted) => {
                multistatus(&object("one"))
            }
            _ => Reply::empty(401).with("WWW-Authenticate", challenge),
        }
    })
    .await;
    let listing = client.list(CALENDAR, &december(), None).await.unwrap();
    assert_eq!(told(&listing), [ONE]);
    // A wrong password is one.
    let wrong = listing_of(challenge).await;
    assert_eq!(wrong, Err(CalendarError::Revoked));
    let unknown = listing_of("Digest realm=\"x\", nonce=\"1\", algorithm=OTHER").await;
    assert_eq!(unknown, Err(CalendarError::Revoked));
}

async fn listing_of(
    challenge: &'static str,
) -> Result<frontdesk::domain::external_calendar::Listing, CalendarError> {
    listing(move |_| Reply::empty(401).with("WWW-Authenticate", challenge)).await
}

#[tokio::test]
async fn an_id_that_lies_in_the_trash_is_used_up_and_other_refusals_are_refusals() {
    let error = |message: &str| {
        format!(
            "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:exception>BadRequest</s:exception><s:message>{message}</s:message></d:error>"
        )
    };
    let trash =
        error("Deleted calendar object with uid already exists in this calendar collection.");
    let client = of(move |_| Reply::Answer(400, Vec::new(), trash.clone())).await;
    let put = client.put(CALENDAR, None, &entry()).await;
    assert_eq!(put, Err(CalendarError::IdTaken));
    let other = error("Validation error in iCalendar");
    let client = of(move |_| Reply::Answer(400, Vec::new(), other.clone())).await;
    let put = client.put(CALENDAR, None, &entry()).await;
    assert!(
        matches!(put, Err(CalendarError::Refused { status: 400, .. })),
        "{put:?}"
    );
}

#[tokio::test]
async fn a_calendar_that_was_moved_is_read_where_it_lies_now() {
    let client = of(|request| {
        if request.path == CALENDAR {
            return Reply::empty(301).with("Location", "/new/work/");
        }
        let data = event("one", &timed("20261203T1000", "20261203T1130"));
        multistatus(&response(
            "/new/work/one.ics",
            &format!("<C:calendar-data>{data}</C:calendar-data>"),
        ))
    })
    .await;
    let full = client.list(CALENDAR, &december(), None).await.unwrap();
    assert_eq!(told(&full), [ONE]);
    // What has changed since is told of other addresses.
    let changes = client.list(CALENDAR, &december(), Some("1")).await;
    assert_eq!(changes, Err(CalendarError::CursorExpired));
}
