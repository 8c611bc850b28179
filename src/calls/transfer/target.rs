//! Whom a caller can be handed to now.

use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::{
        dial_policy::{self, Country},
        name,
        phone::Phone,
        urgency::Urgency,
    },
    error::Result,
    sql,
};

const TARGETS: Sql = sql!("transfer_targets", [UUID, TEXT]);

/// Somebody who can be rung.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// Their number.
    pub number: Phone,
    /// What is dialled once they have answered.
    pub extension: Option<String>,
    /// Their name; `None` for a number of the organization's.
    pub name: Option<String>,
    /// Where they come from, as it is recorded.
    pub source: &'static str,
}

/// Who is to be rung, if anybody.
#[derive(Clone)]
pub struct Choice {
    /// Whom to ring.
    pub target: Option<Target>,
    /// How long it may ring, in seconds.
    pub wait_seconds: u32,
}

/// Where a target comes from; the order is that of an ordinary call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The office, while it is open.
    Office,
    /// A contact who is on call at this hour.
    OnCall,
    /// The primary contact, when nobody is on call.
    PrimaryContact,
    /// The organization's emergency number.
    EmergencyNumber,
}

/// How long a target rings where nothing else is said, in seconds.
const USUAL_WAIT: u32 = 30;

impl Source {
    fn parse(code: &str) -> Option<Self> {
        [
            Self::Office,
            Self::OnCall,
            Self::PrimaryContact,
            Self::EmergencyNumber,
        ]
        .into_iter()
        .find(|source| source.code() == code)
    }

    fn code(self) -> &'static str {
        match self {
            Self::Office => "organization",
            Self::OnCall => "on_call",
            Self::PrimaryContact => "primary_contact",
            Self::EmergencyNumber => "organization_phone",
        }
    }

    /// Where it stands in the row: an urgent caller asks for whoever is on call before the office.
    fn place(self, urgency: Urgency) -> u8 {
        match self {
            Self::OnCall if urgency >= Urgency::High => 0,
            Self::Office => 1,
            Self::OnCall | Self::PrimaryContact => 2,
            Self::EmergencyNumber => 3,
        }
    }
}

/// Finds the first who can be rung for a call at this hour: never the caller's own number nor the one that was called, nobody who did
/// not take this call before, and no number that may not be dialled.
///
/// # Errors
///
/// When the database fails.
pub async fn choose(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    urgency: Urgency,
) -> Result<Choice> {
    let rows = transaction
        .query(&TARGETS, &[&organization_id, &call.vapi_call_id])
        .await?;
    among(&rows, call, urgency)
}

/// The same among those that a statement has found.
///
/// # Errors
///
/// When the rows are of another shape.
pub fn among(rows: &[Row], call: &Call, urgency: Urgency) -> Result<Choice> {
    let wait: Option<i32> = match rows.first() {
        Some(row) => TARGETS.get(row, "wait_seconds")?,
        None => None,
    };
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        listed.extend(candidate(row)?);
    }
    Ok(Choice {
        target: first(
            listed,
            &[call.caller.as_ref(), call.called.as_ref()],
            urgency,
        ),
        wait_seconds: wait
            .and_then(|seconds| u32::try_from(seconds).ok())
            .filter(|seconds| *seconds > 0)
            .unwrap_or(USUAL_WAIT),
    })
}

/// Reads a row; `None` for a row without a target, for a number that cannot be dialled, of which the coverage report tells the operator,
/// and for one that did not take this call.
fn candidate(row: &Row) -> Result<Option<(Source, Target)>> {
    let source: Option<&str> = TARGETS.get(row, "source")?;
    let Some(source) = source else {
        return Ok(None);
    };
    let source =
        Source::parse(source).ok_or_else(|| TARGETS.shape()("a target of an unknown source"))?;
    let phone: &str = TARGETS.get(row, "phone")?;
    let tried: Vec<&str> = TARGETS.get(row, "tried")?;
    let countries: Option<Value> = TARGETS.get(row, "dial_countries")?;
    let Ok(number) = Phone::parse(phone) else {
        return Ok(None);
    };
    let extension: Option<String> = TARGETS.get(row, "extension")?;
    let written = match &extension {
        Some(extension) => format!("{} x{extension}", number.as_str()),
        None => number.as_str().to_owned(),
    };
    if tried.contains(&written.as_str()) {
        return Ok(None);
    }
    if let Err(problem) = dial_policy::check(&number, &allowed(countries.as_ref())) {
        tracing::warn!(target.source = source.code(), problem = %problem, "a target is passed over");
        return Ok(None);
    }
    let name: Option<&str> = TARGETS.get(row, "name")?;
    let target = Target {
        number,
        extension,
        name: name.and_then(name::name),
        source: source.code(),
    };
    Ok(Some((source, target)))
}

fn allowed(countries: Option<&Value>) -> Vec<Country> {
    let codes = countries.and_then(Value::as_array).into_iter().flatten();
    dial_policy::allowed(codes.filter_map(Value::as_str))
}

fn first(
    mut listed: Vec<(Source, Target)>,
    own: &[Option<&Phone>],
    urgency: Urgency,
) -> Option<Target> {
    // Contacts stay in the order of the schedule: the sort is stable.
    listed.sort_by_key(|(source, _)| source.place(urgency));
    listed
        .into_iter()
        .map(|(_, target)| target)
        .find(|target| !own.contains(&Some(&target.number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Source, Target)> {
        [
            (Source::EmergencyNumber, "+13035550102"),
            (Source::Office, "+13035550101"),
            (Source::OnCall, "+13035550103"),
            (Source::OnCall, "+13035550104"),
        ]
        .into_iter()
        .map(|(source, number)| {
            let target = Target {
                number: Phone::parse(number).unwrap(),
                extension: None,
                name: None,
                source: source.code(),
            };
            (source, target)
        })
        .collect()
    }

    /// The numbers that are rung one after the other.
    fn order(urgency: Urgency, own: Option<&Phone>) -> Vec<String> {
        let mut left = all();
        let mut rung = Vec::new();
        while let Some(target) = first(left.clone(), &[own, None], urgency) {
            left.retain(|(_, other)| *other != target);
            rung.push(target.number.as_str().replace("+1303555", ""));
        }
        rung
    }

    #[test]
    fn an_ordinary_call_goes_to_the_office_then_the_roster_then_the_emergency_number() {
        for urgency in [Urgency::Low, Urgency::Normal] {
            assert_eq!(order(urgency, None), ["0101", "0103", "0104", "0102"]);
        }
    }

    #[test]
    fn an_urgent_call_goes_to_the_roster_before_the_office() {
        for urgency in [Urgency::High, Urgency::Critical] {
            assert_eq!(order(urgency, None), ["0103", "0104", "0101", "0102"]);
        }
    }

    #[test]
    fn nobody_is_put_through_to_themselves() {
        let own = Phone::parse("+13035550101").unwrap();
        assert_eq!(order(Urgency::Normal, Some(&own)), ["0103", "0104", "0102"]);
    }

    #[test]
    fn each_source_is_known_by_its_code() {
        for code in [
            "organization",
            "on_call",
            "primary_contact",
            "organization_phone",
        ] {
            assert_eq!(Source::parse(code).unwrap().code(), code);
        }
        assert_eq!(Source::parse("x"), None);
    }
}
