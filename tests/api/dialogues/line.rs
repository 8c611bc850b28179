//! The organization of a conversation, and who calls it.

use std::fmt::Write as _;

use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{Dialogue, Given};

/// The organization of one dialogue, and who calls it.
pub struct Line {
    pub organization: Uuid,
    pub called: String,
    pub caller: Option<String>,
}

impl Line {
    pub fn new(nth: usize, dialogue: &Dialogue) -> Self {
        let caller = match dialogue.given.caller.as_deref() {
            Some("withheld") => None,
            Some(number) => Some(number.to_owned()),
            None => Some(format!("+1312555{:04}", 3_000 + nth)),
        };
        Self {
            organization: Uuid::from_u128(0x0d1a_0000_0000_4000_8000_0000_0000_0000 + nth as u128),
            called: format!("+1312555{:04}", 1_000 + nth),
            caller,
        }
    }

    pub fn id(&self, of: &str) -> String {
        format!("{of}-{}", self.organization)
    }

    pub fn set_up(&self, given: &Given) -> String {
        let id = self.organization;
        let phone = self.caller.as_deref().unwrap_or("unknown");
        let zone = given.timezone.as_deref().unwrap_or("America/Chicago");
        let usual = json!([{ "open": "08:00", "close": "17:00" }]);
        let mut settings = json!({ "hours": {
            "monday": usual, "tuesday": usual, "wednesday": usual, "thursday": usual, "friday": usual,
        }});
        for (name, value) in given.settings.iter().filter_map(Value::as_object).flatten() {
            settings[name] = value.clone();
        }
        let mut sql = include_str!("../../../fixtures/dialogues/organization.sql").to_owned();
        for (name, value) in [
            ("{id}", id.to_string()),
            ("{zone}", zone.to_owned()),
            ("{settings}", settings.to_string()),
            ("{assistant}", self.id("assistant")),
            ("{number}", self.id("number")),
            ("{called}", self.called.clone()),
        ] {
            sql = sql.replace(name, &value);
        }
        for (day, windows) in &given.open {
            let windows: Vec<Value> = windows
                .iter()
                .map(|window| window.split_once('-').unwrap())
                .map(|(open, close)| json!({ "open": open, "close": close }))
                .collect();
            let windows = json!(windows);
            write!(sql, "insert into special_days (organization_id, special_date, hours) values ('{id}', '{day}', '{windows}');").unwrap();
        }
        if let Some(name) = &given.customer {
            write!(sql, "insert into customers (organization_id, name, phone_number) values ('{id}', '{name}', '{phone}');").unwrap();
        }
        for appointment in &given.appointments {
            let name = appointment.name.as_deref().unwrap_or("Maria Lopez");
            let phone = appointment.phone.as_deref().unwrap_or(phone);
            let address = appointment.address.as_deref().unwrap_or("12 Elm Street");
            let service = appointment.service.as_deref().unwrap_or("Service visit");
            let minutes = appointment.minutes.unwrap_or(60);
            let (day, time) = appointment.at.split_once('T').unwrap();
            write!(
                sql,
                "insert into appointments (organization_id, customer_name, customer_phone, service_address, appointment_type,
                     service_id, scheduled_date, scheduled_time, duration_minutes, status)
                 select '{id}', '{name}', '{phone}', '{address}', s.name, s.id, '{day}', '{time}', {minutes}, 'confirmed'
                 from services as s where s.organization_id = '{id}' and s.name = '{service}';"
            )
            .unwrap();
        }
        sql
    }
}
