use super::{Choice, Picked, is_about_option, read};

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn references_are_known_in_both_languages() {
    for (said, choice) in [
        ("the first one", Choice::Nth(0)),
        ("The FIRST one, please.", Choice::Nth(0)),
        ("I'll take the second one", Choice::Nth(1)),
        ("the third option", Choice::Nth(2)),
        ("yes, the first slot", Choice::Nth(0)),
        ("the last one", Choice::Last),
        ("either", Choice::Any),
        ("either one", Choice::Any),
        ("either one works for me", Choice::Any),
        ("whichever", Choice::Any),
        ("either of them", Choice::Any),
        ("the later of the two", Choice::Latest),
        ("the later one", Choice::Latest),
        ("the later", Choice::Latest),
        ("let's go with the second", Choice::Nth(1)),
        ("ok then the second", Choice::Nth(1)),
        ("the earlier one", Choice::Earliest),
        ("the earliest of the three", Choice::Earliest),
        ("the middle one", Choice::Middle),
        ("option 2", Choice::Nth(1)),
        ("number three, please", Choice::Nth(2)),
        ("la opción dos", Choice::Nth(1)),
        ("not the first one, the second one", Choice::Nth(1)),
        ("no la primera, la segunda", Choice::Nth(1)),
        ("the first or the last one", Choice::Unsure),
        ("la primera o la segunda", Choice::Unsure),
        ("the first one, no, the second one", Choice::Nth(1)),
        ("the first, I mean the last", Choice::Last),
        ("la primera, digo, la segunda", Choice::Nth(1)),
        ("the first one, not the second", Choice::Nth(0)),
        ("la primera no, la segunda", Choice::Unsure),
        ("la primera no", Choice::Unsure),
        ("the first one doesn't work for me", Choice::Unsure),
        ("the first one if it is after nine", Choice::Unsure),
        ("the first one, if possible", Choice::Nth(0)),
        ("sí, la primera", Choice::Nth(0)),
        ("la primera si es después de las diez", Choice::Unsure),
        ("is that the first one?", Choice::Unsure),
        ("any of them except the last one", Choice::Unsure),
        ("the first two", Choice::Unsure),
        ("whichever comes first", Choice::Earliest),
        ("me late la primera", Choice::Nth(0)),
        ("la dos", Choice::Nth(1)),
        ("the latest", Choice::Latest),
        ("the earliest", Choice::Earliest),
        ("either of the first two", Choice::Any),
        ("any of them", Choice::Any),
        ("you pick", Choice::Any),
        ("la que sea", Choice::Any),
        ("me da igual cuál", Choice::Any),
        ("la más tempranito", Choice::Earliest),
        ("sounds good", Choice::That),
        ("órale pues", Choice::That),
        ("that one", Choice::That),
        ("that works", Choice::That),
        ("yes please", Choice::That),
        ("the other one", Choice::Other),
        ("both", Choice::All),
        ("both of them", Choice::All),
        ("all of them", Choice::All),
        ("la primera", Choice::Nth(0)),
        ("la primera, por favor", Choice::Nth(0)),
        ("quiero la segunda", Choice::Nth(1)),
        ("me quedo con la última", Choice::Last),
        ("la primera opción", Choice::Nth(0)),
        ("la primera de las dos", Choice::Nth(0)),
        ("cualquiera", Choice::Any),
        ("cualquiera de las dos", Choice::Any),
        ("cualquiera está bien", Choice::Any),
        ("la más tarde", Choice::Latest),
        ("la más temprano", Choice::Earliest),
        ("la de en medio", Choice::Middle),
        ("esa", Choice::That),
        ("sí, esa", Choice::That),
        ("todas", Choice::All),
        ("ambas citas", Choice::All),
    ] {
        let found = read(said).map(|reference| (reference.choice, reference.rest));
        assert_eq!(found, Some((choice, String::new())), "{said}");
    }
    for (said, rest) in [
        ("the first one on Tuesday", "on tuesday"),
        ("the last one tomorrow morning", "tomorrow morning"),
        ("la primera de la mañana", "de la manana"),
        ("la segunda el jueves", "el jueves"),
    ] {
        assert_eq!(
            read(said).map(|reference| reference.rest).as_deref(),
            Some(rest),
            "{said}"
        );
    }
}

#[test]
fn days_and_hours_are_no_references() {
    for said in [
        "",
        "tomorrow",
        "this Tuesday",
        "later today",
        "later",
        "first thing in the morning",
        "first available",
        "the first Tuesday of December",
        "the last day of the month",
        "last Monday",
        "whatever works",
        "any time",
        "the ten o'clock one",
        "the 9 to 11 slot",
        "one",
        "one o'clock",
        "a las dos",
        "las dos",
        "más tarde",
        "esta tarde",
        "este viernes",
        "el viernes de la otra semana",
        "mañana a primera hora",
        "cualquier día",
        "la de las diez",
        "el lunes 10",
        "not the first one",
        "no, el martes",
        "la primera semana de diciembre",
        "a primera hora de la mañana",
    ] {
        assert_eq!(read(said), None, "{said}");
    }
    assert!(read("the second").unwrap().needs_offer);
    assert!(!read("the second one").unwrap().needs_offer);
}

#[test]
fn an_option_may_be_told_by_its_day_or_hour() {
    for said in [
        "the afternoon one",
        "the 9 to 11 slot",
        "the Tuesday one",
        "la de la tarde",
        "la del martes",
    ] {
        assert!(is_about_option(said), "{said}");
    }
    for said in ["", "afternoon", "la tarde", "el martes", "one"] {
        assert!(!is_about_option(said), "{said}");
    }
}

#[test]
fn a_reference_picks_one_or_leaves_it_to_be_asked() {
    let pick = |said: &str, options: &[u8]| read(said).unwrap().pick(options);
    let three = [2, 1, 3];
    assert_eq!(pick("the first one", &three), Picked::One(2));
    assert_eq!(pick("the last one", &three), Picked::One(3));
    assert_eq!(pick("the earlier one", &three), Picked::One(1));
    assert_eq!(pick("the later one", &three), Picked::One(3));
    assert_eq!(pick("the middle one", &three), Picked::One(1));
    assert_eq!(pick("either", &three), Picked::One(2));
    assert_eq!(pick("all of them", &three), Picked::All(vec![2, 1, 3]));
    assert_eq!(pick("both", &[1, 2]), Picked::All(vec![1, 2]));
    for said in ["both", "the later of the two", "that one", "the other one"] {
        assert_eq!(pick(said, &three), Picked::Several(vec![2, 1, 3]), "{said}");
    }
    assert_eq!(pick("that one", &[7]), Picked::One(7));
    assert_eq!(pick("the third one", &[1, 2]), Picked::Several(vec![1, 2]));
    assert_eq!(pick("the first one", &[]), Picked::Several(Vec::new()));
}
