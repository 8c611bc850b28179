//! All tools, as a voice agent is told of them.

use super::{
    book_appointment, cancel_appointment, check_availability, check_emergency,
    definition::Definition, find_appointments, flag_emergency, hold_slot, lookup_customer,
    quote_service, reschedule_appointment, take_message, transfer_call,
};

/// All tools, by name.
pub const ALL: [Definition; 12] = [
    book_appointment::DEFINITION,
    cancel_appointment::DEFINITION,
    check_availability::DEFINITION,
    check_emergency::DEFINITION,
    find_appointments::DEFINITION,
    flag_emergency::DEFINITION,
    hold_slot::DEFINITION,
    lookup_customer::DEFINITION,
    quote_service::DEFINITION,
    reschedule_appointment::DEFINITION,
    take_message::DEFINITION,
    transfer_call::DEFINITION,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;
    use crate::{domain::language::Language, tools::outage};

    #[test]
    fn every_tool_says_what_it_is_for_and_what_it_takes() {
        for tool in ALL {
            let letters = tool.description.chars().count();
            assert!((100..1000).contains(&letters), "{}: {letters}", tool.name);
            let schema = tool.parameters();
            let properties = schema["properties"].as_object().unwrap();
            for (name, property) in properties {
                assert!(
                    property["description"].as_str().unwrap().len() > 10,
                    "{}.{name}",
                    tool.name
                );
            }
            for name in schema["required"].as_array().unwrap() {
                assert!(properties.contains_key(name.as_str().unwrap()), "{name}");
            }
            for language in [Language::English, Language::Spanish] {
                assert!(!outage::failed(tool.name, language).is_empty());
            }
        }
        let names: BTreeSet<&str> = ALL.iter().map(|tool| tool.name).collect();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn a_number_is_asked_for_as_a_number_and_what_is_needed_is_required() {
        let booking = crate::tools::book_appointment::DEFINITION.parameters();
        assert_eq!(booking["properties"]["duration_minutes"]["type"], "integer");
        assert_eq!(booking["properties"]["date"]["type"], "string");
        let required = booking["required"].as_array().unwrap();
        assert_eq!(required.len(), 2);
        assert!(required.contains(&"date".into()) && required.contains(&"customer_name".into()));
    }
}
