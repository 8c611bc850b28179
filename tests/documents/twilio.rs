//! Twilio's client.

use frontdesk::{
    domain::phone::Phone,
    twilio::client::{
        Account, CallScript, CallUpdate, Client, MachineDetection, NewCall, NewMessage, Problem,
        Sender,
    },
};
use std::time::Duration;

fn account() -> Account {
    Account {
        account_sid: "AC00000000000000000000000000000001".to_owned(),
        user: "SK00000000000000000000000000000001".to_owned(),
        secret: "secret".to_owned().into(),
    }
}

fn phone(number: &str) -> Phone {
    Phone::parse(number).unwrap()
}

fn message() -> NewMessage {
    NewMessage {
        to: phone("+13035550103"),
        from: Sender::Number(phone("+13035550190")),
        body: "EMERGENCY 101: water & ice".to_owned(),
        status_callback: Some(
            "https://calls.example.com/twilio/message-status?attempt=1".to_owned(),
        ),
        validity_seconds: Some(300),
    }
}

fn call() -> NewCall {
    NewCall {
        to: phone("+13035550103"),
        from: phone("+13035550190"),
        script: CallScript::Url("https://calls.example.com/twilio/voice/page".to_owned()),
        status_callback: Some("https://calls.example.com/twilio/call-status".to_owned()),
        status_events: &["initiated", "ringing", "answered", "completed"],
        send_digits: Some("wwww12".to_owned()),
        machine_detection: Some(MachineDetection {
            callback: "https://calls.example.com/twilio/voice/machine".to_owned(),
        }),
        timeout_seconds: Some(25),
        time_limit_seconds: Some(300),
    }
}

#[tokio::test]
async fn every_request_of_the_client_is_one_that_twilios_document_allows() {
    let (http, prism) = super::prism("TWILIO");
    let client = Client::new(http, prism, Duration::from_secs(10));
    let account = account();
    let sid = |kind: &str| format!("{kind}00000000000000000000000000000001");

    let by_service = NewMessage {
        from: Sender::Service(sid("MG")),
        validity_seconds: None,
        ..message()
    };
    for message in [message(), by_service] {
        let made = client.send_message(&account, &message).await.unwrap();
        assert!(made.sid.is_some() && made.status.is_some(), "{made:?}");
    }
    let with_document = NewCall {
        script: CallScript::Twiml("<Response><Say>Water</Say></Response>".to_owned()),
        machine_detection: None,
        ..call()
    };
    for call in [call(), with_document] {
        let made = client.place_call(&account, &call).await.unwrap();
        assert!(made.sid.is_some() && made.status.is_some(), "{made:?}");
    }
    for update in [
        CallUpdate::Twiml("<Response/>".to_owned()),
        CallUpdate::Complete,
    ] {
        client
            .update_call(&account, &sid("CA"), &update)
            .await
            .unwrap();
    }
    client.message(&account, &sid("SM")).await.unwrap();
    client.call(&account, &sid("CA")).await.unwrap();
    let since = "2026-12-01T10:00:00Z".parse().unwrap();
    let to = phone("+13035550103");
    let messages = client.messages_to(&account, &to, since).await.unwrap();
    let calls = client.calls_to(&account, &to, since).await.unwrap();
    assert!(!messages.is_empty() && !calls.is_empty());

    // What the document does not allow is seen.
    let no_event = NewCall {
        status_events: &["answered completed"],
        time_limit_seconds: Some(u32::MAX),
        ..call()
    };
    let nobody = Account {
        account_sid: "nobody".to_owned(),
        ..account.clone()
    };
    for (account, call) in [(&nobody, call()), (&account, no_event)] {
        let refused = client.place_call(account, &call).await;
        assert!(
            matches!(refused, Err(Problem::Refused { .. })),
            "{refused:?}"
        );
    }
}
