use std::net::IpAddr;

use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{http::http, *};
use crate::calendar::guard::Guard;

/// A client that may talk to 127.0.0.1 alone, as others may talk to the internet alone.
fn guarded(base: &str) -> Client {
    let guard = Guard {
        allow_http: true,
        allows: Some(|address| address == IpAddr::from([127, 0, 0, 1])),
        proxies: &[],
    };
    let mut client = Client::new(base, "office", "secret".into(), true).unwrap();
    client.sender = Sender::with(http(guard).unwrap(), guard, "office", "secret".into());
    client
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    for target in [
        "https://127.0.0.2:1/",
        "https://169.254.169.254/latest/",
        "https://[::1]:1/",
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                drop(stream.read(&mut [0; 4096]).await);
                let answer = format!(
                    "HTTP/1.1 302 X\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let refused = CalendarError::Refused {
            status: 0,
            code: "private_address".to_owned(),
        };
        assert_eq!(guarded(&base).calendars().await, Err(refused), "{target}");
    }
}

#[test]
fn names_are_read_by_their_namespace() {
    let body = br#"<x:multistatus xmlns:x="DAV:" xmlns:y="urn:ietf:params:xml:ns:caldav" xmlns="urn:other">
        <x:response><x:href> /a&amp;b/ </x:href><x:propstat><x:prop><getetag>no</getetag><x:getetag>&#34;1&#34;</x:getetag>
        <y:calendar-data><![CDATA[BEGIN:VCALENDAR]]></y:calendar-data></x:prop><x:status>HTTP/1.1 200 OK</x:status></x:propstat>
        <x:propstat><x:prop><x:displayname>hidden</x:displayname></x:prop><x:status>HTTP/1.1 404 Not Found</x:status></x:propstat>
        </x:response></x:multistatus>"#;
    let found = xml::multistatus(body).unwrap();
    let [response] = found.responses.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(response.href.trim(), "/a&b/");
    assert_eq!(
        response.text(xml::Namespace::Dav, "getetag").as_deref(),
        Some("\"1\"")
    );
    assert_eq!(
        response
            .text(xml::Namespace::CalDav, "calendar-data")
            .as_deref(),
        Some("BEGIN:VCALENDAR")
    );
    assert_eq!(response.text(xml::Namespace::Dav, "displayname"), None);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(xml::multistatus(&bytes));
    }

    #[test]
    fn no_elements_panic(parts in proptest::collection::vec("<d:multistatus xmlns:d='DAV:'>|</?d:(response|href|propstat|prop|status)/?>|&[a-z#0-9]{0,8};?|<!\\[CDATA\\[|\\]\\]>|HTTP/1.1 [0-9]{1,6}|.{0,5}", 0..20)) {
        drop(xml::multistatus(parts.concat().as_bytes()));
    }

    #[test]
    fn no_address_panics(href in ".{0,40}", base in "(https?://)?[a-z0-9.:/%\\[\\]@-]{0,20}") {
        if let Ok(client) = Client::new(&base, "office", "secret".into(), true) {
            drop(client.object("/cal/", &href));
            drop(client.collection(&href));
        }
    }
}
