//! Anything that a provider might send, for the tests of what is read.

use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::domain::external_calendar::Window;

/// December 2026.
pub fn december(zone: Tz) -> Window {
    Window {
        first: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        last: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
        zone,
    }
}

/// Any JSON, with the names and values that a provider uses more often than others.
pub fn json(names: &'static [&'static str], values: &'static str) -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        prop::sample::select(names).prop_map(str::to_owned),
        ".{0,4}",
    ];
    let text = prop_oneof![".{0,40}", values, "[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..8)
                .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}
