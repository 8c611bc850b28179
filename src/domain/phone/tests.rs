//! Numbers as they are said and signalled, and what is none.

use super::{
    Phone,
    PhoneProblem::{self, Incomplete, Invalid, Missing},
};
use proptest::prelude::*;

fn parsed(text: &str) -> Result<String, PhoneProblem> {
    Phone::parse(text).map(|phone| phone.as_str().to_owned())
}

#[test]
fn numbers_are_understood_as_they_are_said_and_written() {
    let table = [
        ("+13035550123", "+13035550123"),
        ("303-555-0123", "+13035550123"),
        ("(303) 555-0123", "+13035550123"),
        ("303.555.0123", "+13035550123"),
        ("1 303 555 0123", "+13035550123"),
        ("3 0 3, 5 5 5, 0 1 2 3", "+13035550123"),
        ("3-0-3-5-5-5-0-1-2-3", "+13035550123"),
        ("0013035550123", "+13035550123"),
        ("011 1 303 555 0123", "+13035550123"),
        ("tel:+1-303-555-0123", "+13035550123"),
        ("+1 (303) 555-0123 ext. 45", "+13035550123"),
        ("303-555-0123 x45", "+13035550123"),
        ("303 555 0123 extensión 4", "+13035550123"),
        ("303–555–0123", "+13035550123"),
        ("３０３ ５５５ ０１２３", "+13035550123"),
        ("＋1 303 555 0123", "+13035550123"),
        ("+52 55 5123 4567", "+525551234567"),
        ("011 52 55 5123 4567", "+525551234567"),
        ("52 55 5123 4567", "+525551234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
    ];
    for (text, expected) in table {
        assert_eq!(parsed(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn what_is_no_number_says_what_to_ask_for() {
    let long = "5".repeat(5000);
    let table = [
        ("", Missing),
        ("   ", Missing),
        ("+", Missing),
        ("unknown", Missing),
        ("N/A", Missing),
        ("the number I'm calling from", Missing),
        ("este mismo número", Missing),
        ("555-0123", Incomplete),
        ("5 5 5", Incomplete),
        ("+1 555 0123", Incomplete),
        ("1 303 555", Incomplete),
        ("+52 55", Incomplete),
        ("my number is on file", Invalid),
        ("303 CALL NOW", Invalid),
        ("103-555-0123", Invalid),
        ("303-155-0123", Invalid),
        ("911-555-0123", Invalid),
        ("+1 303 555 0123 4", Invalid),
        ("303 555 0123 9999", Invalid),
        ("+999 1234 5678", Invalid),
        ("303-555-0123; drop table customers", Invalid),
        ("303 555 0123 😀", Invalid),
        ("*67 303 555 0123", Invalid),
        (&long, Invalid),
    ];
    for (text, expected) in table {
        assert_eq!(parsed(text), Err(expected), "{text:.40?}");
    }
}

#[test]
fn a_caller_id_is_a_number_or_nothing() {
    let table = [
        ("+13035550123", Some("+13035550123")),
        (" +13035550123 ", Some("+13035550123")),
        ("13035550123", Some("+13035550123")),
        ("3035550123", Some("+13035550123")),
        ("+525551234567", Some("+525551234567")),
        (
            "sip:+13035550123@sip.example.com;user=phone",
            Some("+13035550123"),
        ),
        ("tel:+13035550123", Some("+13035550123")),
        ("sip:alice@example.com", None),
        ("sip:@example.com", None),
        ("", None),
        ("anonymous", None),
        ("Anonymous", None),
        ("unknown", None),
        ("private", None),
        ("restricted", None),
        ("+266696687", None),
        ("+7378742833", None),
        ("+86282452253", None),
        ("+8656696", None),
        ("+2562533", None),
        ("525551234567", None),
        ("(303) 555-0123", None),
        ("555-0123", None),
        ("+", None),
        ("911", None),
    ];
    for (text, expected) in table {
        let phone = Phone::signalled(text);
        assert_eq!(phone.as_ref().map(Phone::as_str), expected, "{text:?}");
    }
}

#[test]
fn a_number_is_masked_where_it_could_reach_a_log() {
    let shown = |text| format!("{:?}", Phone::parse(text).unwrap());
    assert_eq!(shown("+13035550123"), "Phone(+1******0123)");
    assert_eq!(shown("+525551234567"), "Phone(+********4567)");
}

proptest! {
    #[test]
    fn any_text_is_answered_and_a_number_is_read_back_as_itself(text in "[+0-9 ().ext-]{0,24}|\\PC{0,120}") {
        for phone in [Phone::parse(&text).ok(), Phone::signalled(&text)].into_iter().flatten() {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert!(phone.as_str().len() <= 16);
        }
    }
}
