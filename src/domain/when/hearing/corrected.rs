//! What a text says of which a part is taken back: "Thursday, no, Friday at nine".

use chrono::DateTime;
use chrono_tz::Tz;

use super::{About, Heard};
use crate::domain::when::{Unclear, meaning::Alternative};

impl Heard {
    /// Adds what stands behind a correction, and of what it takes back the day or the hour that it does not name anew.
    pub(super) fn hear_corrected(
        &mut self,
        before: &str,
        behind: &str,
        about: About,
        now: DateTime<Tz>,
    ) -> Result<(), Unclear> {
        let unclear = about.unclear();
        let (mut old, mut new) = (Self::default(), Self::default());
        old.hear(before, about, now)?;
        let old = match old {
            Self {
                alternatives,
                zone: None,
            } => alternatives,
            Self { .. } => return Err(unclear),
        };
        // "At nine, no, ten"
        let says_hour = old
            .iter()
            .any(|said| !said.hours.is_empty() || said.written.is_some());
        let about = if says_hour { About::Time } else { about };
        new.hear(behind, about, now)?;
        let mut current = self.alternatives.pop().unwrap_or_default();
        let (Ok([old]), Ok([said])) = (
            <[Alternative; 1]>::try_from(old),
            <[Alternative; 1]>::try_from(new.alternatives),
        ) else {
            return Err(unclear);
        };
        current.add(said.correcting(old).ok_or(unclear)?);
        self.alternatives.push(current);
        self.zone = self.zone.or(new.zone);
        Ok(())
    }
}
