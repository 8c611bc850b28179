//! `frontdesk org services`, `set-service`, `remove-service`, `crews` and `set-crew`.

use serde_json::json;

use crate::support::{
    Operator,
    operator::{complaint, printed},
};

#[tokio::test]
async fn a_catalogue_is_entered_changed_and_taken_back() {
    let operator = Operator::new().await;
    assert!(
        operator
            .hears("services", &[])
            .starts_with("There is no catalogue")
    );

    operator.hears(
        "set-service",
        &[
            "Drain cleaning",
            "--spanish",
            "Limpieza de drenaje",
            "--keywords",
            "clogged drain, slow drain",
            "--minutes",
            "90",
            "--before",
            "15",
            "--price",
            "149-299",
            "--default",
        ],
    );
    operator.hears(
        "set-service",
        &[
            "Boiler repair",
            "--skill",
            "gas",
            "--price",
            "150-",
            "--after",
            "30",
        ],
    );
    let services = operator.reads("services", &[]);
    assert_eq!(
        services[1],
        json!({
            "name": "Drain cleaning", "spanish": "Limpieza de drenaje", "keywords": ["clogged drain", "slow drain"],
            "minutes": 90, "before_minutes": 15, "after_minutes": null, "skill": null, "price_from": 149,
            "price_to": 299, "is_default": true, "is_possible": true, "calendly_event_type": null,
        })
    );

    // What is not given stays, and there is one default.
    operator.hears("set-service", &["DRAIN cleaning", "--price", "99"]);
    operator.hears("set-service", &["Boiler repair", "--default"]);
    let services = operator.reads("services", &[]);
    assert_eq!(services[1]["name"], "DRAIN cleaning");
    assert_eq!(services[1]["minutes"], 90);
    assert_eq!(services[1]["price_to"], 99);
    assert_eq!(services[1]["is_default"], false);
    assert_eq!(services[0]["is_default"], true);
    assert_eq!(services[0]["price_to"], json!(null));

    let event_type = "https://api.calendly.com/event_types/4e6f-A1";
    for (set, expected) in [
        (
            vec!["Boiler repair", "--calendly-event-type", event_type],
            json!(event_type),
        ),
        (vec!["Boiler repair"], json!(event_type)),
        (
            vec!["Boiler repair", "--calendly-event-type", ""],
            json!(null),
        ),
    ] {
        operator.hears("set-service", &set);
        assert_eq!(
            operator.reads("services", &[])[0]["calendly_event_type"],
            expected
        );
    }

    assert!(
        operator
            .hears("show", &[])
            .contains("Boiler repair cannot be booked: no crew has the skill gas; `frontdesk org set-crew` gives it to one.")
    );
    assert_eq!(
        operator.hears(
            "set-crew",
            &["1", "--name", "Van 1", "--skills", "gas, electrical"]
        ),
        "Crew 1 can do gas, electrical."
    );
    assert!(!operator.hears("show", &[]).contains("cannot be booked"));
    assert_eq!(
        operator.reads("crews", &[]),
        json!([{ "number": 1, "name": "Van 1", "skills": ["gas", "electrical"] }])
    );

    operator.hears("remove-service", &["boiler repair"]);
    assert_eq!(operator.reads("services", &[]).as_array().unwrap().len(), 1);
    let refused = operator.org("remove-service", &["boiler repair"]);
    assert!(complaint(&refused).contains("boiler repair is not a service of organization"));
    operator.hears("set-service", &["Boiler repair"]);
    assert_eq!(operator.reads("services", &[])[0]["skill"], "gas");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_its_name() {
    let operator = Operator::new().await;
    for (arguments, expected) in [
        (vec!["Drains", "--price", "cheap"], "cheap is not a price"),
        (vec!["Drains", "--price", "300-100"], "the lower one first"),
        (
            vec!["Drains", "--minutes", "0"],
            "--minutes takes a number from 1 to 480",
        ),
        (
            vec!["Drains", "--minutes", "481"],
            "--minutes takes a number from 1 to 480",
        ),
        (
            vec!["Drains", "--before", "241"],
            "--before takes minutes from 0 to 240",
        ),
        (
            vec![
                "Drains",
                "--calendly-event-type",
                "https://calendly.com/owner/visit",
            ],
            "--calendly-event-type takes the address of an event type",
        ),
        (vec!["  "], "the service's name is empty"),
    ] {
        let refused = operator.org("set-service", &arguments);
        assert!(!refused.status.success());
        assert!(
            complaint(&refused).contains(expected),
            "{}",
            complaint(&refused)
        );
    }
    let refused = operator.org("set-crew", &["0", "--skills", "gas"]);
    assert!(
        complaint(&refused).contains("there is no crew 0: this organization has crews 1 to 1"),
        "{}",
        complaint(&refused)
    );

    printed(&operator.org(
        "set",
        &["area.postal_codes=80202,803*", "travel_minutes=20"],
    ));
    for (setting, expected) in [
        (
            "area.postal_codes=80 202",
            "allowed is a list of up to 2000 codes",
        ),
        (
            "area.postal_codes=*",
            "allowed is a list of up to 2000 codes",
        ),
        (
            "travel_minutes=241",
            "allowed is a whole number from 0 to 240",
        ),
    ] {
        let refused = operator.org("set", &[setting]);
        assert!(
            complaint(&refused).contains(expected),
            "{}",
            complaint(&refused)
        );
    }
}
