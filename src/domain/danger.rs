//! Danger to life in a caller's own words, in English and Spanish.
//!
//! What a caller must do first (leave, call 911) cannot wait for a person or a model to judge, so it is found here, in
//! steps that can each be explained:
//!
//! 1. `clauses`: the text is cut into clauses of folded words, and words that mean the same are made one ("smells",
//!    "odor", "huele" are all `smell`).
//! 2. `signs`: short patterns of words are looked for: signs of danger, and harmless ones that contain the same words
//!    ("fire extinguisher", "fire drill"). At each place the longest pattern counts.
//! 3. `alarms`: an alarm that is only named counts, unless the words are about the device ("smoke alarm battery"); `names`
//!    keeps "smoke and CO detectors" one name.
//! 4. `denial`: signs that are denied in their own clause ("no gas smell") do not count.
//! 5. `history`: nor do those of a danger that is over ("the fire was last year").
//! 6. `elsewhere`: nor does a smell of gas from a sewer, or outdoors.
//! 7. `together`: some things are a danger only together, such as a heater and a headache that everyone has.
//!
//! Where two readings are plausible, danger is preferred: a needless warning costs a sentence. Gas as the fuel of an
//! appliance ("gas water heater") is not a sign.

mod alarms;
mod classes;
mod clauses;
mod denial;
mod devices;
mod elsewhere;
mod harmless;
mod history;
mod names;
mod pattern;
mod signs;
mod tables;
mod together;

#[cfg(test)]
mod sheets;
#[cfg(test)]
mod tests;

pub use signs::Danger;

/// The danger to life that a caller describes, if any; of several, the first in the order of [`Danger`].
///
/// Any text is answered, in time proportional to its length.
#[must_use]
pub fn find(text: &str) -> Option<Danger> {
    let mut clauses = clauses::clauses(text);
    names::join(&mut clauses);
    let signs: Vec<_> = clauses.iter().map(signs::signs).collect();
    let mut found = None;
    for (place, in_clause) in signs.iter().enumerate() {
        if in_clause.is_empty() || history::over(&clauses, place) {
            continue;
        }
        let undenied = in_clause
            .iter()
            .filter(|sign| !alarms::is_device(&clauses, &signs, place, sign))
            .filter(|sign| !denial::denied(&clauses, &signs, place, sign))
            .filter(|sign| !elsewhere::smelled(&clauses, place, sign))
            .map(|sign| sign.danger);
        found = found.into_iter().chain(undenied).min();
    }
    found.into_iter().chain(together::danger(&clauses)).min()
}
