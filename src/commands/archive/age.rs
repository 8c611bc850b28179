//! How old rows must be: `13mo`, `400d`, `2y`.

use std::{fmt, str::FromStr};

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio_postgres::GenericClient;

/// The shortest age in days: the service itself looks at texts of the last 60 days.
const MIN_DAYS: i32 = 90;
/// The shortest age in months.
const MIN_MONTHS: i32 = 3;
/// The longest age in years.
const MAX_YEARS: i32 = 100;

/// An age by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Age {
    pub(super) months: i32,
    pub(super) days: i32,
}

impl FromStr for Age {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let text = text.trim();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = text.strip_prefix(digits).unwrap_or_default();
        let number: i32 = digits
            .trim_end()
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .with_context(|| format!("{text} is no age; write it as in 13mo, 400d or 2y"))?;
        let (number, months, days) = match unit {
            "d" => (number, 0, number),
            "mo" => (number, number, 0),
            "y" if number <= MAX_YEARS => (number, number * 12, 0),
            _ => bail!("{text} is no age; write it as in 13mo, 400d or 2y, with d, mo or y"),
        };
        ensure!(
            (days >= MIN_DAYS || months >= MIN_MONTHS) && number <= MAX_YEARS * 366,
            "{text} is too short or too long: an archive takes rows from 90 days on"
        );
        Ok(Self { months, days })
    }
}

impl Age {
    /// The instant from before which rows are old enough, by the database's clock.
    pub(super) async fn cutoff(self, client: &impl GenericClient) -> anyhow::Result<DateTime<Utc>> {
        let row = client
            .query_one(
                "select private.clock() - make_interval(months => $1, days => $2)",
                &[&self.months, &self.days],
            )
            .await?;
        Ok(row.try_get(0)?)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.months, self.days) {
            (0, days) => write!(f, "{days}d"),
            (months, _) => write!(f, "{months}mo"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_of_days_months_or_years() {
        let age = |text: &str| text.parse::<Age>().ok().map(|age| (age.months, age.days));
        assert_eq!(age("13mo"), Some((13, 0)));
        assert_eq!(age("2y"), Some((24, 0)));
        assert_eq!(age(" 400d"), Some((0, 400)));
        for text in [
            "",
            "13",
            "mo",
            "13 weeks",
            "-3mo",
            "2mo",
            "89d",
            "0y",
            "1.5y",
            "99999999999d",
            "200y",
            "13m",
            "13moo",
            "40000d",
        ] {
            assert_eq!(age(text), None, "{text}");
        }
    }
}
