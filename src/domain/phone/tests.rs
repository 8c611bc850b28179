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
fn a_number_that_was_written_as_a_fraction_is_of_north_america() {
    for text in [
        "3125550199.0",
        "3125550199.00",
        "3125550199.",
        "13125550199.0",
        "3.125550199e9",
        "3.125550199E9",
        "3.125550199e+9",
        "3.1255501990e9",
        "1.3125550199e10",
        "3125550199e0",
    ] {
        assert_eq!(parsed(text).as_deref(), Ok("+13125550199"), "{text:?}");
    }
    for text in [
        "3125550199.5",
        "3.1255501995e8",
        "3.1e9",
        "3e9",
        "1e99",
        "0.0",
        "31255501.0",
    ] {
        assert!(parsed(text).is_err(), "{text:?}");
    }
}

#[test]
fn digits_may_be_words() {
    for text in [
        "three one two five five five oh one nine nine",
        "three one two, five five five, zero one nine nine",
        "Three-one-two five-five-five oh-one-nine-nine",
        "three twelve five fifty-five zero one ninety-nine",
        "three twelve five fifty five oh one ninety nine",
        "three twelve, triple five, oh one double nine",
        "three one two double five five oh one nine nine",
        "three one two five double five zero one nine nine",
        "three one two triple five zero one nine nine",
        "one three one two five five five zero one nine nine",
        "plus one three one two five five five zero one nine nine",
        "three hundred twelve five five five zero one nine nine",
        "three hundred and twelve five fifty five oh one nine nine",
        "312 five five five 0199",
        "312 555 oh one nine nine",
        "312 555 O199",
        "it's 312, 555, zero one nine nine",
        "area code three one two, then five five five, dash, zero one nine nine",
        "my number is three one two five five five zero one nine nine",
        "tres uno dos cinco cinco cinco cero uno nueve nueve",
        "tres doce cinco cinco cinco cero uno noventa y nueve",
        "tres doce, cinco cincuenta y cinco, cero uno noventa y nueve",
        "trescientos doce cinco cinco cinco cero uno nueve nueve",
        "trescientos doce, quinientos cincuenta y cinco, cero uno noventa y nueve",
        "tres uno dos doble cinco cinco cero uno nueve nueve",
        "tres uno dos triple cinco cero uno doble nueve",
        "es el tres doce, cinco cinco cinco, cero uno, noventa y nueve",
        "mi número es el 312 555 0199",
    ] {
        assert_eq!(parsed(text).as_deref(), Ok("+13125550199"), "{text:?}");
    }
    let table = [
        (
            "eight hundred five five five zero one two three",
            "+18005550123",
        ),
        (
            "one eight hundred five five five twelve twelve",
            "+18005551212",
        ),
        ("ochocientos cinco cinco cinco doce doce", "+18005551212"),
        (
            "trescientos tres cinco cinco cinco cero uno veintitrés",
            "+13035550123",
        ),
        (
            "seven seven three five five five two thousand",
            "+17735552000",
        ),
        (
            "siete siete tres quinientos cincuenta y cinco veinte veinte",
            "+17735552020",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(parsed(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn what_follows_a_number_is_no_part_of_it() {
    for text in [
        "312-555-0199 case manager Jo",
        "312 555 0199 and ask for Jo",
        "312-555-0199 (ask for Jo)",
        "3125550199 cell",
        "312-555-0199, that's my wife's",
        "312-555-0199 x12",
        "312-555-0199x12",
        "312-555-0199 ext. 12",
        "312-555-0199 extension 12",
        "312-555-0199, extension twelve",
        "312 555 0199 extensión doce",
        "312-555-0199 #12",
        "tel:+1-312-555-0199;ext=12",
        "312-555-0199 two dogs",
        "312-555-0199 or 312-555-0188",
        "312-555-0199, 312-555-0188",
        "312-555-0199 / 312-555-0188",
        "312-555-0199 and 773-555-0188",
        "+13125550199 +13125550188",
        "+13125550199, +13125550188",
        "312 555 0199 o 312 555 0188",
        "call me at 312-555-0199",
        "you can reach me on 312-555-0199 after five",
        "three one two five five five zero one nine nine case manager Jo",
        "three one two five five five zero one nine nine extension twelve",
        "márqueme al 312 555 0199 por favor",
    ] {
        assert_eq!(parsed(text).as_deref(), Ok("+13125550199"), "{text:?}");
    }
    for text in [
        "not 312-555-0199",
        "312 and a dog 555 0199",
        "three one two five five",
        "call me",
        "my wife's number",
        "my other cell",
        "312 555 0199 2",
        "the office",
        "twelve",
    ] {
        assert!(
            matches!(parsed(text), Err(Invalid | Incomplete)),
            "{text:?}"
        );
    }
}

#[test]
fn what_stands_for_nothing_or_for_the_line_is_no_number() {
    for text in [
        "null",
        "None",
        "unknown",
        "undefined",
        "n/a",
        "N/A",
        "nan",
        "anonymous",
        "{{customer.number}}",
        "{{ call.customer.number }}",
        "${phone}",
        "<phone>",
        "[phone number]",
        "my cell",
        "my cell phone",
        "my number",
        "my mobile please",
        "this one",
        "this number",
        "this is my cell",
        "same number",
        "the same one",
        "the number I'm calling from",
        "the one I called from",
        "the one I'm on right now",
        "caller ID",
        "mi número",
        "mi celular",
        "mi cel",
        "este mismo",
        "este número",
        "el mismo",
        "el mismo número",
        "el número del que llamo",
        "del que le estoy hablando",
        "el de mi celular",
    ] {
        assert_eq!(parsed(text), Err(Missing), "{text:?}");
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
    fn any_text_is_answered_and_a_number_is_read_back_as_itself(text in "[+0-9 ().ext-]{0,24}|\\PC{0,120}|(three|five|fifty|hundred|double|oh|cero|cien|y|noventa|x|ext|312|[0-9]|and|my|e| |-){0,20}") {
        for phone in [Phone::parse(&text).ok(), Phone::signalled(&text)].into_iter().flatten() {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert!(phone.as_str().len() <= 16);
        }
    }
}

#[test]
fn of_a_number_that_is_corrected_the_last_one_counts() {
    for (said, number) in [
        ("303-555-0123 no wait 303-555-0124", "+13035550124"),
        ("303 555 0123, perdón, 720 555 0124", "+17205550124"),
        ("303 555 0123, digo, 0124", "+13035550124"),
        ("3035550123, no 0124", "+13035550124"),
        ("303-555-0123, sorry, 556-0124", "+13035560124"),
        ("303 555 0123 no sorry 0124 no 0125", "+13035550125"),
        (
            "three oh three five five five oh one two three, I mean seven two oh five five five oh one two four",
            "+17205550124",
        ),
        ("no, 303-555-0124", "+13035550124"),
        ("three oh three no wait 720 555 0124", "+17205550124"),
        ("cell no. 303-555-0123", "+13035550123"),
        // What corrects nothing.
        ("303-555-0123, no extension", "+13035550123"),
        ("303-555-0123 no calls after 9", "+13035550123"),
        (
            "303-555-0123, no texts between 1200 and 1400",
            "+13035550123",
        ),
        ("303 555 cero uno noventa y nueve", "+13035550199"),
        ("303-555-0123 or 303-555-0124", "+13035550123"),
    ] {
        let parsed = Phone::parse(said);
        assert_eq!(parsed.as_ref().map(Phone::as_str), Ok(number), "{said}");
    }
}
