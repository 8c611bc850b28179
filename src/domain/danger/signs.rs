//! The signs of danger, and the harmless expressions that resemble them.
//!
//! How a pattern is written stands in `pattern`. Stems make the Spanish and the English of a pattern one where the word
//! order is the same: `smell _ gas` is also "huele a gas" and "olor fuerte a gas".

use std::sync::LazyLock;

use super::{
    clauses::Clause,
    harmless::HARMLESS,
    pattern::Patterns,
    tables::{CARBON_MONOXIDE, ELECTRIC_SHOCK, FIRE, GAS, INJURY},
};

/// A danger to life. The order is that in which one is named when there are several: what fills a building first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// Fuel gas in the air.
    Gas,
    /// Fire, smoke, something burning, an explosion.
    Fire,
    /// Carbon monoxide, or the dizziness that it causes.
    CarbonMonoxide,
    /// Electricity where it can kill: shocks, sparks, water on wiring, fallen lines.
    ElectricShock,
    /// Somebody is hurt, trapped or cannot breathe.
    Injury,
}

impl Danger {
    /// Its name in the tool log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gas => "gas",
            Self::Fire => "fire",
            Self::CarbonMonoxide => "carbon_monoxide",
            Self::ElectricShock => "electric_shock",
            Self::Injury => "injury",
        }
    }
}

/// A sign of danger in a clause: its words are those from `from` until before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub danger: Danger,
    pub from: usize,
    pub until: usize,
}

/// The patterns; `None` is harmless.
static PATTERNS: LazyLock<Patterns<Option<Danger>>> = LazyLock::new(|| {
    Patterns::read(&[
        (Some(Danger::Gas), GAS),
        (Some(Danger::Fire), FIRE),
        (Some(Danger::CarbonMonoxide), CARBON_MONOXIDE),
        (Some(Danger::ElectricShock), ELECTRIC_SHOCK),
        (Some(Danger::Injury), INJURY),
        (None, HARMLESS),
    ])
});

/// The signs of danger in a clause, as they follow each other.
pub(super) fn signs(clause: &Clause) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut from = 0;
    while from < clause.tokens.len() {
        let found = PATTERNS.at(&clause.tokens, from);
        let Some((danger, until)) = found.max_by_key(|(_, until)| *until) else {
            from += 1;
            continue;
        };
        if let Some(danger) = danger {
            signs.push(Sign {
                danger,
                from,
                until,
            });
        }
        from = until.max(from + 1);
    }
    signs
}
