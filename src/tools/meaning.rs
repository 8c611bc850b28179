//! What a caller means by the words for the day and the hour, on this calendar and after these offers.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::{
    calendar::Calendar,
    context::Context,
    when::{Missing, Question, Wanted, choices},
};
use crate::{
    domain::{
        choice::{self, Choice, Picked, Reference},
        slot::{self, Slot},
        when::{self, Days, Reading, TimeOfDay, Unclear},
    },
    error::Result,
};

/// What the caller means, or the question that must be answered first.
pub type Understood = std::result::Result<Wanted, Question>;

/// Waits until what the caller was offered is written, where these words may refer to it; whether they may.
///
/// Called before the transaction of a tool that writes: whoever holds one connection must not wait for another.
pub async fn await_offer(context: &Context, date: Option<&str>, time: Option<&str>) -> bool {
    let now = context.local;
    let read = when::understand(date, time, now);
    let may_refer = referred(date, time, now).is_some()
        || hour_or_day(read, date, time, now).is_some()
        || counts(read, date, time, now)
        || !read.is_ok_and(|reading| reading.days.is_some());
    if may_refer {
        context.journal.flush(context.deadline).await;
    }
    may_refer
}

impl Calendar<'_> {
    /// Finds out when the caller wants to come, from the words for the day and for the hour.
    ///
    /// A date may carry its time (`2026-12-01T09:00`, the form in which options are offered); where both name an hour, that of the time
    /// counts. "The first one" is one of the options that this call was offered last.
    ///
    /// # Errors
    ///
    /// When the database fails. Within, the question that must be answered first.
    pub async fn understand(&self, date: Option<&str>, time: Option<&str>) -> Result<Understood> {
        let now = self.context.local;
        // The day of an hour on "that day" is the day that was offered.
        let date = date.filter(|date| time.is_none() || !choice::is_that_day(date));
        // What needs no offer is understood here; boxed, or the future of every tool would be larger by what does.
        if let Some((reference, beside)) = self.referred(date, time).await? {
            return Box::pin(self.resolve(&reference, beside, None)).await;
        }
        let read = when::understand(date, time, now);
        if let Some(hour) = hour_or_day(read, date, time, now)
            && let [option] = at(&Box::pin(self.offered()).await?[0], hour).as_slice()
        {
            return Ok(Ok(self.exactly(*option)));
        }
        if counts(read, date, time, now)
            && let Some(counted) = Box::pin(self.beside_offer(date, time)).await?
        {
            return Box::pin(self.complete(counted, date, time)).await;
        }
        match read {
            Ok(reading) if reading.days.is_some() => Ok(Ok(self.on(reading, date, time))),
            Ok(reading) => Box::pin(self.complete(reading, date, time)).await,
            Err(unclear) => Box::pin(self.clarify(unclear, date, time)).await,
        }
    }

    /// The same where nothing but the words is needed to know the day and the hour; nothing else is read.
    #[must_use]
    pub fn understand_exactly(
        &self,
        date: Option<&str>,
        time: Option<&str>,
    ) -> Option<(Wanted, NaiveDateTime)> {
        let now = self.context.local;
        let read = when::understand(date, time, now);
        if referred(date, time, now).is_some() || hour_or_day(read, date, time, now).is_some() {
            return None;
        }
        let reading = read
            .ok()
            .filter(|read| read.days.is_some() && read.time.is_some())?;
        let wanted = self.on(reading, date, time);
        // No appointment starts within a minute.
        let exact = wanted.exact()?.with_second(0)?;
        wanted.instant.is_none().then_some((wanted, exact))
    }

    /// The same for the new time of an appointment that is at `from` now: "an hour later", "same time next week".
    ///
    /// # Errors
    ///
    /// As [`Calendar::understand`].
    pub async fn understand_move(
        &self,
        date: Option<&str>,
        time: Option<&str>,
        from: NaiveDateTime,
    ) -> Result<Understood> {
        let now = self.context.local;
        if let Some((reference, beside)) = self.referred(date, time).await? {
            return self.resolve(&reference, beside, Some(from)).await;
        }
        match when::understand_move(date, time, from, now) {
            Ok(reading) => self.complete(reading, date, time).await,
            Err(unclear) => self.clarify(unclear, date, time).await,
        }
    }

    /// The reference to an offer, and what the other words say; "the second" is no reference where nothing was offered.
    async fn referred(
        &self,
        date: Option<&str>,
        time: Option<&str>,
    ) -> Result<Option<(Reference, Reading)>> {
        let found = referred(date, time, self.context.local);
        Ok(match found {
            Some((reference, _))
                if reference.needs_offer && Box::pin(self.offered()).await?.concat().is_empty() =>
            {
                None
            }
            found => found,
        })
    }

    /// What a reference to an offer comes to.
    async fn resolve(
        &self,
        reference: &Reference,
        beside: Reading,
        from: Option<NaiveDateTime>,
    ) -> Result<Understood> {
        let [last, before] = self.offered().await?;
        let fitting = |options: &[NaiveDateTime]| -> Vec<NaiveDateTime> {
            let options = options.iter().copied();
            options.filter(|option| fits(beside, *option)).collect()
        };
        // "The second one" is the second of all; the hour beside it must be its hour.
        if matches!(reference.choice, Choice::Nth(_) | Choice::Last)
            && !last.is_empty()
            && beside.time.is_some_and(|time| time.exact().is_some())
        {
            let named = fitting(&last);
            return Ok(match reference.pick(&last) {
                Picked::One(option) if named.contains(&option) => Ok(self.exactly(option)),
                Picked::One(option) => Err(Question::WhichOption([vec![option], named].concat())),
                _ => Err(Question::WhichOption(last)),
            });
        }
        let options = if reference.choice == Choice::Other {
            // One of them was spoken of, or is what is to be moved, and the others remain.
            let (named, among) = match (from, last.as_slice()) {
                (Some(from), _) => (Some(from), &last),
                (None, [named]) => (Some(*named), &before),
                (None, _) => (None, &last),
            };
            let others: Vec<_> = fitting(among)
                .into_iter()
                .filter(|option| Some(*option) != named)
                .collect();
            if let [other] = others.as_slice() {
                return Ok(Ok(self.exactly(*other)));
            }
            others
        } else {
            fitting(&last)
        };
        Ok(match reference.pick(&options) {
            Picked::One(option) => Ok(self.exactly(option)),
            Picked::All(options) => Err(Question::WhichOption(options)),
            Picked::Several(options) if !options.is_empty() => Err(Question::WhichOption(options)),
            Picked::Several(_) => match beside.days {
                // "Either" on a day of which nothing was offered yet: any time of it will do.
                Some(days) if reference.choice == Choice::Any => {
                    Ok(self.wanted(days, beside.time.unwrap_or(TimeOfDay::Any)))
                }
                _ => Err(self.open(Missing::Option, beside).await?),
            },
        })
    }

    /// What was understood, with the day in it; without one from today on.
    fn on(&self, reading: Reading, date: Option<&str>, time: Option<&str>) -> Wanted {
        let days = reading.days.unwrap_or(Days::From(self.context.today()));
        Wanted {
            instant: self.instant(date, time).filter(|_| reading.zone.is_none()),
            names_zone: reading.zone.is_some(),
            ..self.wanted(days, reading.time.unwrap_or(TimeOfDay::Any))
        }
    }

    /// What was understood, with the day from the offer where only an hour was said.
    async fn complete(
        &self,
        reading: Reading,
        date: Option<&str>,
        time: Option<&str>,
    ) -> Result<Understood> {
        if reading.days.is_some() {
            return Ok(Ok(self.on(reading, date, time)));
        }
        let Some(spoken) = reading.time else {
            return Ok(Err(self.open(Missing::Day, reading).await?));
        };
        let [offered, _] = self.offered().await?;
        let mut words = [date, time].into_iter().flatten();
        let is_about_option = words.any(choice::is_about_option);
        let fitting: Vec<NaiveDateTime> = offered
            .iter()
            .filter(|option| spoken.contains(option.time()))
            .copied()
            .collect();
        // "After three" is vague also where one of the options is after three; "the afternoon one" is not.
        let is_narrow = spoken.exact().is_some() || is_about_option;
        Ok(match (fitting.as_slice(), only_day(&offered)) {
            ([option], _) if is_narrow => Ok(self.exactly(*option)),
            ([_, ..], _) if is_narrow => Err(Question::WhichOption(fitting)),
            (_, Some(day)) => Ok(self.wanted(Days::On(day), spoken)),
            // Whoever takes any time takes any day.
            _ if matches!(spoken, TimeOfDay::Any | TimeOfDay::First) => {
                Ok(self.wanted(Days::From(self.context.today()), spoken))
            }
            _ => Err(self.open(Missing::Day, reading).await?),
        })
    }

    /// The question for words that cannot be used as they are; none where an offer tells which of two readings is meant.
    async fn clarify(
        &self,
        unclear: Unclear,
        date: Option<&str>,
        time: Option<&str>,
    ) -> Result<Understood> {
        let known = when::understood(date, time, self.context.local);
        if matches!(unclear, Unclear::Day | Unclear::Time)
            && let Some(reading) = self.beside_appointment(date, time, known).await?
        {
            return self.complete(reading, date, time).await;
        }
        let readings = match unclear {
            Unclear::WhichDay(one, other) => [one, other].map(|days| Reading {
                days: Some(days),
                ..Reading::default()
            }),
            Unclear::WhichTime(one, other) => [one, other].map(|time| Reading {
                time: Some(time),
                ..Reading::default()
            }),
            Unclear::Day => return Ok(Err(self.open(Missing::UnclearDay, known).await?)),
            Unclear::Time => return Ok(Err(self.open(Missing::UnclearTime, known).await?)),
            Unclear::NoSuchDay { .. } | Unclear::Past { .. } => {
                let days = self.bookable(choices(unclear)).await?;
                return Ok(Err(Question::OtherDay { unclear, days }));
            }
            _ => return Ok(Err(Question::Unclear(unclear))),
        };
        let [offered, _] = self.offered().await?;
        let mut fitting = offered
            .into_iter()
            .filter(|option| fits(known, *option))
            .filter(|option| readings.iter().any(|reading| fits(*reading, *option)));
        Ok(match (fitting.next(), fitting.next()) {
            (Some(option), None) => Ok(self.exactly(option)),
            _ => Err(Question::Unclear(unclear)),
        })
    }

    /// A question with two options that fit what is known.
    async fn open(&self, missing: Missing, known: Reading) -> Result<Question> {
        let days = known.days.unwrap_or(Days::From(self.context.today()));
        let time = known.time.unwrap_or(TimeOfDay::Any);
        let start = |slot: &Slot| slot.date.and_time(slot.start);
        let is_known = known.days.is_some() || known.time.is_some();
        let [offered, _] = if is_known {
            [Vec::new(), Vec::new()]
        } else {
            self.offered().await?
        };
        let mut options = offered;
        if options.is_empty() {
            let wanted = self.wanted(days, time);
            let first = self.find(wanted).await?.options();
            options = first.iter().map(start).collect();
            if known.days.is_none()
                && let Some(first) = options.first().copied()
                && let Some(next) = first.date().succ_opt()
            {
                let days = Days::From(next);
                let later = self.find(Wanted { days, ..wanted }).await?.options();
                options = std::iter::once(first)
                    .chain(later.first().map(start))
                    .collect();
            } else if let [first, .., last] = options.as_slice() {
                options = vec![*first, *last];
            }
        }
        Ok(Question::Open {
            missing,
            known,
            options,
        })
    }

    /// Exactly what was offered.
    fn exactly(&self, option: NaiveDateTime) -> Wanted {
        self.wanted(Days::On(option.date()), TimeOfDay::At(option.time()))
    }

    fn wanted(&self, days: Days, time: TimeOfDay) -> Wanted {
        let zone = self.context.organization.zone;
        let occurrence = match (days.exact(), time.exact()) {
            (Some(date), Some(time)) => when::occurrence(date.and_time(time), zone),
            _ => when::Occurrence::Once,
        };
        Wanted {
            days,
            time,
            instant: None,
            occurrence,
            names_zone: false,
        }
    }

    /// The instant of a written date-time whose offset is not the organization's.
    fn instant(&self, date: Option<&str>, time: Option<&str>) -> Option<NaiveDateTime> {
        let moment = [time, date].into_iter().flatten().find_map(when::moment)?;
        let instant = when::in_zone(moment, self.context.organization.zone);
        (moment.local != instant).then_some(instant)
    }
}

/// The reference to an offer in either argument, and what the other words say of the day and the hour.
fn referred(
    date: Option<&str>,
    time: Option<&str>,
    now: DateTime<Tz>,
) -> Option<(Reference, Reading)> {
    let rest = |reference: &Reference| Some(reference.rest.clone()).filter(|rest| !rest.is_empty());
    let (of_date, of_time) = (date.and_then(choice::read), time.and_then(choice::read));
    let (reference, beside) = match (of_date, of_time) {
        // "The second", "at nine": the day of the month.
        (Some(reference), None) if reference.needs_offer && time.is_some() => return None,
        // "The first one" and "the second one" are not both meant.
        (Some(one), Some(other))
            if ![one.choice, other.choice].contains(&Choice::That)
                && one.choice != other.choice =>
        {
            let choice = Choice::Unsure;
            return Some((Reference { choice, ..one }, Reading::default()));
        }
        (Some(that), Some(other)) if that.choice == Choice::That => {
            (other, when::understand(rest(&that).as_deref(), None, now))
        }
        (Some(reference), other) => {
            let time = time.filter(|_| other.is_none());
            let beside = when::understand(rest(&reference).as_deref(), time, now);
            (reference, beside)
        }
        (None, Some(reference)) => {
            let beside = when::understand(date, rest(&reference).as_deref(), now);
            (
                Reference {
                    // An ordinal in the hour is no day.
                    needs_offer: reference.needs_offer
                        && !matches!(reference.choice, Choice::Nth(_)),
                    ..reference
                },
                beside,
            )
        }
        (None, None) => return None,
    };
    Some((reference, beside.ok()?))
}

/// Whether the words may count from what was offered. A day and an hour that are named do not.
fn counts(
    read: std::result::Result<Reading, Unclear>,
    date: Option<&str>,
    time: Option<&str>,
    now: DateTime<Tz>,
) -> bool {
    let is_exact = |reading: Reading| {
        let has_hour = reading.time.is_some_and(|time| time.exact().is_some());
        has_hour && reading.days.is_some_and(|days| days.exact().is_some())
    };
    !read.is_ok_and(is_exact) && when::may_count(date, time, now)
}

/// The hour in a date that may be either, as which it was read: "eleven" is the eleventh, unless eleven was offered.
fn hour_or_day(
    read: std::result::Result<Reading, Unclear>,
    date: Option<&str>,
    time: Option<&str>,
    now: DateTime<Tz>,
) -> Option<NaiveTime> {
    let date = date.filter(|date| time.is_none() && !slot::is_day(date))?;
    let as_date = read.ok()?;
    let as_time = when::understand(None, Some(date), now).ok()?;
    let is_either = as_date.time.is_none() && as_time.days.is_none();
    as_time.time?.exact().filter(|_| is_either)
}

/// The options at an hour.
fn at(options: &[NaiveDateTime], hour: NaiveTime) -> Vec<NaiveDateTime> {
    let options = options.iter().copied();
    options.filter(|option| option.time() == hour).collect()
}

/// Whether an option is of a day and an hour.
fn fits(reading: Reading, option: NaiveDateTime) -> bool {
    reading.days.is_none_or(|days| days.contains(option.date()))
        && reading.time.is_none_or(|time| time.contains(option.time()))
}

/// The day of all options, if they are of one day.
fn only_day(options: &[NaiveDateTime]) -> Option<NaiveDate> {
    let first = options.first()?.date();
    let mut options = options.iter();
    options
        .all(|option| option.date() == first)
        .then_some(first)
}
