//! A text piece by piece: what each says, and what all of them say together.

use chrono::DateTime;
use chrono_tz::Tz;

mod corrected;

use super::{
    Reading, Unclear,
    calendar::DaySaid,
    corrections, dates, days,
    hours::{self, Hours},
    meaning::{self, Alternative},
    moment::{moment, without_zone_name},
    names::{self, is_filler},
    parts::{self, PartSaid},
    preferences, references, spans,
    token::Token,
    tokenize::tokens,
    written::written,
    zones::{self, Zone},
};
use crate::domain::{
    fold,
    negation::{CAN_NOT, EXCEPT, IS_NOT, NONE, NOR, NOT},
    words::Words,
};

/// The most characters that are read of a text: more is a story, and no time.
const MAX_CHARACTERS: usize = 200;

/// Which of a tool's arguments a text is; a number alone is a day in one and an hour in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Day,
    Time,
}

impl About {
    /// What is unclear where nothing was understood.
    pub fn unclear(self) -> Unclear {
        match self {
            Self::Day => Unclear::Day,
            Self::Time => Unclear::Time,
        }
    }
}

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Heard {
    alternatives: Vec<Alternative>,
    zone: Option<Zone>,
}

impl Heard {
    /// Adds the pieces of a text to those that are there.
    pub fn hear(&mut self, text: &str, about: About, now: DateTime<Tz>) -> Result<(), Unclear> {
        let text = trimmed(text, about)?;
        let mut current = self.alternatives.pop().unwrap_or_default();
        let is_written = written(without_zone_name(text), now, &mut current)?;
        self.alternatives.push(current);
        if is_written {
            return Ok(());
        }
        let folded = fold::fold(text);
        if let Some((before, behind)) = corrections::split(&folded)
            && !tokens(before).is_some_and(|before| before.iter().all(is_filler))
        {
            return self.hear_corrected(before, behind, about, now);
        }
        // "2026-11-19T15:00 EST"
        let text = match text.split_once(' ') {
            Some((stamp, behind)) if moment(stamp).is_some() => {
                let mut current = self.alternatives.pop().unwrap_or_default();
                written(stamp, now, &mut current)?;
                self.alternatives.push(current);
                behind
            }
            _ => text,
        };
        let folded = fold::fold(text);
        let tokens = tokens(&folded).ok_or(about.unclear())?;
        // "Friday instead", and not "instead of Friday"
        match tokens.as_slice() {
            [said @ .., Token::Word("instead")] => self.listen(said, about, now),
            tokens => self.listen(tokens, about, now),
        }
    }

    /// Forgets the times that a program wrote with a date: that of the other argument counts.
    pub fn leave_written_times(&mut self) {
        for said in &mut self.alternatives {
            said.written = None;
        }
    }

    /// What all of it means.
    pub fn reading(self, now: DateTime<Tz>) -> Result<Reading, Unclear> {
        let zone = self.zone;
        let reading = meaning::together(self.alternatives, now)?;
        Ok(match zone {
            Some(zone) => zones::converted(reading, zone, now),
            None => reading,
        })
    }

    /// Adds the pieces that tokens are made of.
    ///
    /// # Errors
    ///
    /// An [`Unclear`] where one word is not known, since it may be "not", and where nothing is said.
    pub fn listen(
        &mut self,
        tokens: &[Token<'_>],
        about: About,
        now: DateTime<Tz>,
    ) -> Result<(), Unclear> {
        let unclear = about.unclear();
        if about == About::Time && references::is_ordinal_alone(tokens) {
            return Err(unclear);
        }
        // "Nine, I mean four" takes back what was said.
        let corrects =
            |token: &Token<'_>| matches!(token, Token::Word(word) if CORRECTING.has(word));
        if let Some(at) = tokens.iter().rposition(corrects)
            && !tokens.iter().take(at).all(is_filler)
            && !matches!(tokens, [.., Token::Word("actually")])
        {
            return Err(unclear);
        }
        let mut text = Text {
            tokens,
            about,
            now,
            zone: self.zone,
            has_weekday: false,
        };
        let mut current = self.alternatives.pop().unwrap_or_default();
        let mut rest = tokens;
        let mut has_said = false;
        while let Some(first) = rest.first() {
            if !current.is_empty()
                && text.is_another(rest)
                && preferences::preference(rest).is_none()
            {
                // "Tuesday or later" is neither.
                if let [_, Token::Word("later" | "earlier" | "mas" | "antes"), ..] = rest {
                    return Err(unclear);
                }
                self.alternatives.push(std::mem::take(&mut current));
                text.has_weekday = false;
                if matches!(
                    first,
                    Token::Slash | Token::Word("or" | "o" | "u" | "and" | "y")
                ) {
                    rest = rest.get(1..).unwrap_or_default();
                }
                continue;
            }
            let before = rest.len();
            rest = text.piece(rest, &mut current).ok_or(unclear)?;
            has_said |= before - rest.len() > 1 || !(is_filler(first) || *first == Token::Dash);
        }
        if current.is_empty() && !self.alternatives.is_empty() {
            return Err(unclear);
        }
        if !has_said && about == About::Time && says_either(tokens) {
            current.parts.push(PartSaid::Any);
            has_said = true;
        }
        // "Any morning" is of any day.
        if about == About::Day && current.days.is_empty() && current.hours.is_empty() {
            for part in &mut current.parts {
                if *part == PartSaid::Any {
                    *part = PartSaid::AnyDay;
                }
            }
        }
        // "Five Chicago time" says five, and "Chicago time" nothing.
        let is_zone_alone =
            text.zone != self.zone && current.is_empty() && self.alternatives.is_empty();
        self.zone = text.zone;
        self.alternatives.push(current);
        if has_said && !is_zone_alone {
            Ok(())
        } else {
            Err(unclear)
        }
    }
}

/// Words that take back what was said before them.
static CORRECTING: Words = Words::new(&["mean actually wait sorry perdon espere"]);

/// The text without the space around it and a "no" that answers something else ("No, Thursday"), unless it is too long to be a time.
pub(super) fn trimmed(text: &str, about: About) -> Result<&str, Unclear> {
    let text = text.trim();
    let text = match text.split_once(',') {
        Some((no, behind)) if ["no", "nope"].contains(&no.to_lowercase().as_str()) => behind.trim(),
        _ => text,
    };
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return Err(about.unclear());
    }
    Ok(text)
}

/// "Either is fine": nothing but words without a meaning, one of which leaves the choice to us.
fn says_either(tokens: &[Token<'_>]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Word("either" | "whichever")))
}

/// What is known of a text while it is read.
struct Text<'t, 'a> {
    tokens: &'t [Token<'a>],
    about: About,
    now: DateTime<Tz>,
    zone: Option<Zone>,
    /// Whether this text named a weekday in this alternative.
    has_weekday: bool,
}

impl<'t, 'a> Text<'t, 'a> {
    /// The token before the rest.
    fn before(&self, rest: &[Token<'_>]) -> Option<&'t Token<'a>> {
        let at = self.tokens.len().checked_sub(rest.len() + 1)?;
        self.tokens.get(at)
    }

    /// Whether another alternative begins: "or Friday", and "and Friday" behind a weekday.
    fn is_another(&self, rest: &[Token<'_>]) -> bool {
        let names_weekday = |tokens: &[Token<'_>]| {
            let named = match tokens {
                [Token::Word("on" | "the" | "el"), rest @ ..] => rest,
                _ => tokens,
            };
            matches!(named, [Token::Word(name), ..] if names::weekday(name).is_some())
        };
        match rest {
            [Token::Word("or" | "o" | "u"), ..] => true,
            [Token::Word("and" | "y") | Token::Slash, behind @ ..] => {
                self.has_weekday && names_weekday(behind)
            }
            // "Thursday, Friday or Saturday"
            [Token::Word(name), ..] => {
                self.has_weekday
                    && names::weekday(name).is_some()
                    && matches!(self.before(rest), Some(Token::Word(name)) if names::weekday(name).is_some())
            }
            _ => false,
        }
    }

    /// Reads one piece; `None` for a word that is not known.
    fn piece(&mut self, rest: &'t [Token<'a>], said: &mut Alternative) -> Option<&'t [Token<'a>]> {
        if let Some(rest) = references::either(rest) {
            if self.about == About::Day {
                return None;
            }
            said.parts.push(PartSaid::Any);
            return Some(rest);
        }
        if references::is_one_of_several(rest) || references::is_compared(rest) {
            return None;
        }
        if let Some((preference, rest)) = preferences::preference(rest) {
            said.parts.push(match preference {
                // Any time, where a day was asked for, is any day.
                PartSaid::Any
                    if self.about == About::Day
                        && said.days.is_empty()
                        && rest.iter().all(is_filler) =>
                {
                    PartSaid::AnyDay
                }
                preference => preference,
            });
            return Some(rest);
        }
        if let Some((zone, rest)) = zones::zone(rest) {
            if self.zone.is_some_and(|other| other != zone) {
                return None;
            }
            self.zone = Some(zone);
            return Some(rest);
        }
        if references::is_day_of_an_offer(rest) {
            return None;
        }
        // "2026-12" is no hour.
        if self.about == About::Day
            && let [Token::Number(year), Token::Dash, ..] = rest
            && year.digits == 4
            && days::day(rest, self.now.date_naive()).is_none()
        {
            return None;
        }
        if (references::is_window(rest)
            || (self.about == About::Time && references::is_hour_of_an_offer(rest)))
            && let Some((found, rest)) = hours::hours(rest)
        {
            said.hours.push(match found {
                Hours::Ambiguous(from, until) => Hours::Between(from, until),
                found => found,
            });
            return Some(rest);
        }
        self.day(rest, said).or_else(|| self.time(rest, said))
    }

    /// Reads a day, or several.
    fn day(&mut self, rest: &'t [Token<'a>], said: &mut Alternative) -> Option<&'t [Token<'a>]> {
        let today = self.now.date_naive();
        if let Some((day, rest)) = spans::span(rest, today).or_else(|| days::day(rest, today)) {
            self.has_weekday |= matches!(day, DaySaid::Weekday(..));
            said.days.push(day);
            return Some(rest);
        }
        // "12-1" beside a day is from noon to one.
        if self.about == About::Day
            && said.days.is_empty()
            && let [
                Token::Number(first),
                Token::Dash,
                Token::Number(second),
                rest @ ..,
            ] = rest
            && !matches!(
                rest,
                [Token::Colon | Token::Dash | Token::Word("am" | "pm"), ..]
            )
            && (1..=2).contains(&first.digits)
            && (1..=2).contains(&second.digits)
            && let Some(day) = dates::in_figures(*first, *second)
        {
            said.days.push(day);
            return Some(rest);
        }
        None
    }

    /// Reads a part of the day, an hour, or a word that says nothing.
    fn time(&self, rest: &'t [Token<'a>], said: &mut Alternative) -> Option<&'t [Token<'a>]> {
        // "I am free": no half of the day.
        if let [Token::Word("i"), Token::Word("am"), rest @ ..] = rest {
            return Some(rest);
        }
        if let Some((part, rest)) = parts::part(rest) {
            said.parts.push(part);
            return Some(rest);
        }
        if let Some((found, behind)) = hours::hours(rest) {
            let is_day = matches!(
                self.before(rest),
                Some(Token::Word(name)) if names::is_spanish_weekday(name)
            );
            match found {
                Hours::At(clock)
                    if clock.is_bare
                        && (self.about == About::Day || is_day)
                        && rest.len() - behind.len() == 1
                        && said.bare.is_none() =>
                {
                    // "One" alone is neither a day nor an hour.
                    if let [Token::Number(number), ..] = rest
                        && number.value == 1
                        && number.digits == 0
                        && said.is_empty()
                    {
                        return None;
                    }
                    said.bare = Some(clock);
                    said.bare_is_day = is_day;
                }
                hours => said.hours.push(hours),
            }
            return Some(behind);
        }
        match rest {
            [first, rest @ ..] if is_filler(first) || *first == Token::Dash => Some(rest),
            _ => None,
        }
    }
}

/// Words that turn what stands beside them into its opposite: what is left of such a text would be a lie.
static DENIALS: Words = Words::new(&[
    NOT,
    NONE,
    NOR,
    IS_NOT,
    CAN_NOT,
    EXCEPT,
    "instead anything other than busy every ocupado ocupada cada todos todas",
]);

/// What can be read of a text of which some words are not known.
pub(super) fn partly(text: &str, about: About, now: DateTime<Tz>) -> Result<Reading, Unclear> {
    let text = trimmed(text, about)?;
    let folded = fold::fold(text);
    let tokens = tokens(&folded).ok_or(about.unclear())?;
    let is_denied = |token: &Token<'_>| matches!(token, Token::Word(word) if DENIALS.has(word));
    if tokens.iter().any(is_denied) {
        return Err(about.unclear());
    }
    let mut reader = Text {
        tokens: &tokens,
        about,
        now,
        zone: None,
        has_weekday: false,
    };
    let mut said = Alternative::default();
    let mut rest = tokens.as_slice();
    while let [_, behind @ ..] = rest {
        rest = reader.piece(rest, &mut said).unwrap_or(behind);
    }
    // A number beside words that are not known may count anything.
    said.bare = None;
    said.parts.retain(|part| *part != PartSaid::Later);
    said.hours
        .retain(|hours| !matches!(hours, Hours::At(clock) if clock.is_bare));
    let heard = Heard {
        alternatives: vec![said],
        zone: reader.zone,
    };
    heard.reading(now)
}
