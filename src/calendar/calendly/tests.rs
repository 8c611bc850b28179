use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

const BODY: &[u8] = br#"{"event":"invitee.created"}"#;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

#[test]
fn a_message_is_taken_with_its_signature_and_for_three_minutes() {
    let key: SecretString = "the-key".into();
    // By Python: hmac.new(b"the-key", b"1767225600." + body, "sha256").hexdigest()
    let good = "t=1767225600,v1=f92e3c279823facbbf0bd6998c464f40773b411e4786a757d48099e145c58f1b";
    assert!(is_signed(good, BODY, &key, now()));
    assert!(is_signed(&good.replace(',', ", "), BODY, &key, now()));
    assert!(is_signed(good, BODY, &key, now() + TimeDelta::minutes(3)));
    assert!(!is_signed(
        good,
        BODY,
        &key,
        now() + TimeDelta::seconds(181)
    ));
    assert!(!is_signed(
        good,
        BODY,
        &key,
        now() - TimeDelta::seconds(181)
    ));
    assert!(!is_signed(good, b"{}", &key, now()));
    assert!(!is_signed(good, BODY, &"another".into(), now()));
    let later = good.replace("1767225600", "1767225601");
    let short = good.get(..40).unwrap();
    for forged in [
        later.as_str(),
        short,
        "",
        "t=1767225600",
        "t=1767225600,v1=",
        "t=,v1=00",
    ] {
        assert!(!is_signed(forged, BODY, &key, now()), "{forged}");
    }
}

proptest! {
    #[test]
    fn no_signature_is_too_much(header in ".{0,80}", time in any::<i64>(), signature in "[0-9a-f]{0,70}") {
        let key: SecretString = "the-key".into();
        prop_assert!(!is_signed(&header, BODY, &key, now()));
        let dated = format!("t={time},v1={signature}");
        prop_assert!(!is_signed(&dated, BODY, &key, now()));
    }

    #[test]
    fn every_event_is_read_or_refused(start in any::<i32>(), end in any::<i32>(), status in "active|canceled|.{0,5}", uri in prop::option::of(".{0,5}")) {
        let at = |seconds: i32| DateTime::from_timestamp(seconds.into(), 0);
        let first = chrono::NaiveDate::MIN;
        let window = Window { first, last: chrono::NaiveDate::MAX, zone: chrono_tz::America::Denver };
        let item = Item { uri, kind: None, status: Some(status), start_time: at(start), end_time: at(end), updated_at: None };
        if let Ok(Some(resource)) = resource(item, &window) {
            prop_assert!(!resource.id.is_empty());
            prop_assert_eq!(resource.events.iter().any(|event| event.is_busy), start < end);
        }
    }
}
