//! What is read of an object, whatever is in it.

use super::*;
use serde_json::json;

fn fields(text: &str) -> Fields<'_> {
    Fields::read(text).unwrap()
}

#[test]
fn a_field_of_another_type_is_absent() {
    let fields = fields(r#"{"text":["a"],"object":"b","list":{},"instant":true,"number":"x"}"#);
    assert_eq!(fields.text("text"), None);
    assert!(fields.object("object").is_empty());
    assert!(fields.list("list").is_empty());
    assert_eq!(fields.instant("instant"), None);
    assert_eq!(fields.number("number"), None);
}

#[test]
fn null_and_blank_are_absent() {
    let fields = fields(r#"{"null":null,"empty":"","blank":" \n"}"#);
    assert!(fields.raw("null").is_none());
    assert_eq!(fields.text("empty"), None);
    assert_eq!(fields.text("blank"), None);
}

#[test]
fn a_number_may_be_text_and_text_a_number() {
    let fields = fields(r#"{"number":"1.5","text":7,"truth":true,"endless":"inf"}"#);
    assert_eq!(fields.number("number"), Some(1.5));
    assert_eq!(fields.text("text").as_deref(), Some("7"));
    assert_eq!(fields.text("truth").as_deref(), Some("true"));
    assert_eq!(fields.number("endless"), None);
}

#[test]
fn an_instant_is_written_in_either_way() {
    let fields = fields(r#"{"ms":1795446000000,"text":"2026-11-23T15:00:00.000Z","far":9e30}"#);
    assert!(fields.instant("ms").is_some());
    assert_eq!(fields.instant("ms"), fields.instant("text"));
    assert_eq!(fields.instant("far"), None);
}

#[test]
fn a_text_that_is_too_long_is_absent_rather_than_cut() {
    let fields = fields(r#"{"id":"éé"}"#);
    assert_eq!(fields.short_text("id", 2).as_deref(), Some("éé"));
    assert_eq!(fields.short_text("id", 1), None);
}

#[test]
fn what_the_database_cannot_keep_is_replaced() {
    let fields = fields(r#"{"half":"a\ud83d","nul":"a\u0000b","value":{"\u0000":["\u0000"]}}"#);
    assert!(fields.text("half").unwrap().starts_with("a\u{fffd}"));
    assert_eq!(fields.text("nul").as_deref(), Some("a\u{fffd}b"));
    assert_eq!(
        fields.value("value"),
        Some(json!({"\u{fffd}": ["\u{fffd}"]}))
    );
}

#[test]
fn half_a_pair_spoils_no_value() {
    for (given, read) in [
        (
            r#"{"a\ud83d":["b\uDE1F c"]}"#,
            json!({"a\u{fffd}": ["b\u{fffd} c"]}),
        ),
        (r#""\ud83d\ude1f \ud83d""#, json!("\u{1f61f} \u{fffd}")),
        (
            r#""\\ud83d \n\ud83d\ud83d\ude1f""#,
            json!("\\ud83d \n\u{fffd}\u{1f61f}"),
        ),
    ] {
        assert_eq!(any_value(given), Some(read), "{given}");
    }
    for broken in [r#""\ud83"#, r#""\"#, r#""\u"#, "{", r#""\ud83d"#] {
        assert_eq!(any_value(broken), None, "{broken}");
    }
}

#[test]
fn what_is_no_object_spoils_no_other_in_its_list() {
    for other in [
        "7",
        "[{}]",
        r#""x""#,
        r#""\ud83d""#,
        "1e999",
        r#"{"\ud83d":1}"#,
    ] {
        let text = format!(r#"{{"list":[{{"a":1}},{other},{{"a":2}}]}}"#);
        let objects = fields(&text).objects("list");
        let read: Vec<_> = objects.iter().map(|it| it.number("a")).collect();
        assert_eq!(read, [Some(1.0), None, Some(2.0)], "{other}");
    }
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    assert_eq!(fields(r#"{"a":1,"a":2}"#).text("a").as_deref(), Some("2"));
}

#[test]
fn deep_nesting_in_a_field_that_is_not_read_does_no_harm() {
    let text = format!(
        r#"{{"deep":{}{},"a":"b"}}"#,
        "[".repeat(9000),
        "]".repeat(9000)
    );
    let fields = fields(&text);
    assert_eq!(fields.text("a").as_deref(), Some("b"));
    assert_eq!(fields.value("deep"), None);
    assert!(fields.list("deep").len() <= 1);
}
