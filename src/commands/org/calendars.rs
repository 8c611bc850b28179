//! The calendars that are linked to an organization, on its page.

use super::{
    overview::LinkedCalendar,
    report::{count, table},
};

/// One line for each; none when nothing is linked.
pub(super) fn listed(calendars: &[LinkedCalendar]) -> Option<String> {
    let rows: Vec<Vec<String>> = calendars
        .iter()
        .map(|link| {
            vec![
                link.provider.clone(),
                link.calendar.clone(),
                link.whose(),
                link.state.clone(),
                link.age(),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| table(&["provider", "calendar", "of", "state", "last read"], &rows))
}

/// What is wrong with one, for whoever sees the page.
pub(super) fn warning(link: &LinkedCalendar) -> Option<String> {
    if !link.is_stale {
        return None;
    }
    let why = if link.state == "revoked" {
        "is not connected any more, because its provider does not take the credential; `frontdesk calendar connect` connects it again".to_owned()
    } else {
        let age = match link.age_minutes {
            None => "has not been read yet".to_owned(),
            Some(_) => format!("was last read {}", link.age()),
        };
        format!("{age}; `frontdesk calendar status` says why")
    };
    Some(format!(
        "The calendar {} ({}) {why}. Until then appointments are booked as pending.",
        link.calendar, link.provider
    ))
}

impl LinkedCalendar {
    fn whose(&self) -> String {
        match (self.scope.as_str(), self.crew) {
            ("crew", Some(crew)) => format!("crew {crew}"),
            ("any", _) => "any crew".to_owned(),
            (scope, _) => scope.to_owned(),
        }
    }

    fn age(&self) -> String {
        match self.age_minutes {
            None => "never".to_owned(),
            Some(..1) => "less than a minute ago".to_owned(),
            Some(minutes @ ..120) => format!("{} ago", count(minutes.into(), "minute")),
            Some(minutes @ ..2880) => format!("{} ago", count((minutes / 60).into(), "hour")),
            Some(minutes) => format!("{} ago", count((minutes / 1440).into(), "day")),
        }
    }
}
