//! Parts of the day, and stretches of it that have a name: "in the morning", "a media tarde", "after lunch".

use super::{
    clock::Half,
    token::{
        Rest,
        Token::{Dash, Word as W},
    },
};
use crate::domain::words::Phrases;

/// What a piece of a text says of the time of day without an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartSaid {
    /// A part of the day; whether it is today's ("this morning", "tonight").
    Part(Half, bool),
    /// A stretch that has a name, in minutes from midnight, and the half of the day in which it lies.
    Stretch(u32, u32, Half),
    /// Its first, middle or last hours: "early", "mid", "late".
    Third(Third),
    /// From an hour on, in minutes from midnight: "after lunch".
    From(u32),
    /// As early as possible that day.
    First,
    /// As late as possible that day.
    Last,
    /// Whenever there is room.
    Any,
    /// The first that there is, whatever the day.
    Soonest,
    /// Any day.
    AnyDay,
    /// Later today, or later on a day that is named.
    Later,
    /// A phrase that changes nothing: "or so", "if possible".
    Nothing,
}

use PartSaid::{From, Later, Stretch};

/// Which hours of a part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Third {
    Early,
    Middle,
    Late,
}

impl Third {
    /// These hours of a part of the day, or of the whole day, in minutes from midnight.
    pub const fn of(self, half: Half) -> (u32, u32) {
        let (from, until) = match (self, half) {
            (Self::Early, Half::Morning) => (6, 9),
            (Self::Middle, Half::Morning) => (9, 11),
            (Self::Late, Half::Morning) => (10, 12),
            (Self::Early, Half::Afternoon) => (12, 15),
            (Self::Middle, Half::Afternoon) => (14, 16),
            (Self::Late, Half::Afternoon) => (15, 18),
            (Self::Early, Half::Night) => (17, 19),
            (Self::Middle, Half::Night) => (18, 20),
            (Self::Late, Half::Night) => (19, 22),
            (Self::Early, _) => (6, 10),
            (Self::Middle, _) => (11, 14),
            (Self::Late, _) => (15, 21),
        };
        (from * 60, until * 60)
    }

    const fn stretch(self, half: Half) -> PartSaid {
        let (from, until) = self.of(half);
        Stretch(from, until, half)
    }
}

/// Stretches that have a name.
static STRETCHES: Phrases<PartSaid> = Phrases::new(&[
    (
        Third::Middle.stretch(Half::Morning),
        "midmorning, a media manana, media manana",
    ),
    (
        Third::Middle.stretch(Half::Afternoon),
        "midafternoon, a media tarde|tardecita, media tarde",
    ),
    (Third::Early.stretch(Half::Unsaid), "bien|muy temprano"),
    (
        LUNCH,
        "lunch time|hour|break, lunchtime, lunch, noon hour, al almuerzo, a la hora del almuerzo, \
         a la hora de almorzar|comer",
    ),
    (
        MEAL,
        "hora de la comida, a la hora de la comida, en|a la comida",
    ),
    (
        From(13 * 60),
        "after lunch, despues de comer|almorzar, despues del almuerzo",
    ),
    (From(14 * 60), "despues de la comida"),
    (
        From(15 * 60),
        "after school, despues|saliendo de la escuela, despues|saliendo de clases, \
         al salir de la escuela, cuando salgan de la escuela",
    ),
    (
        Stretch(0, 8 * 60, Half::Morning),
        "before school, antes de la escuela",
    ),
    (
        BEFORE_WORK,
        "before work, antes del trabajo, antes de trabajar, antes de entrar|irme al trabajo, \
         antes de irme a trabajar",
    ),
    (
        BEFORE_NOON,
        "earlier in the day, before lunch, antes de comer|almorzar, antes del almuerzo",
    ),
    (
        From(17 * 60),
        "after|when i get off work, when|after i get home from work, when im off work, \
         after work, despues|saliendo del trabajo, saliendo|despues de trabajar, \
         al salir del trabajo, cuando salga|salgo del trabajo, cuando salga de trabajar",
    ),
    (From(18 * 60), "after dinner"),
    (
        SMALL_HOURS,
        "de|en|por la madrugada, de madrugada, madrugada",
    ),
]);

const LUNCH: PartSaid = Stretch(12 * 60, 14 * 60, Half::Afternoon);
/// The main meal of a day in Mexico is later than a lunch.
const MEAL: PartSaid = Stretch(12 * 60, 15 * 60, Half::Afternoon);
const BEFORE_WORK: PartSaid = Stretch(0, 9 * 60, Half::Morning);
const BEFORE_NOON: PartSaid = Stretch(0, 12 * 60, Half::Morning);
const SMALL_HOURS: PartSaid = Stretch(0, 6 * 60, Half::Morning);

/// Reads a part of the day, or a stretch of it, at the beginning of `tokens`.
pub(super) fn part<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    STRETCHES
        .begin(tokens)
        .or_else(|| third(tokens))
        .or_else(|| plain(tokens))
        .or_else(|| later(tokens))
        .or_else(|| half_alone(tokens))
}

/// "Later", but not "later than two" or "más tarde de las dos".
fn later<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    let ((), rest) = LATER.begin(tokens)?;
    let is_other = matches!(
        rest,
        [W("than" | "of" | "one" | "de" | "que" | "del"), ..]
            | [W("in"), W("the"), W("week" | "month"), ..]
    );
    (!is_other).then_some((Later, rest))
}

static LATER: Phrases<()> = Phrases::new(&[(
    (),
    "a little bit later, a little|bit later, later on, later in the day, later that day, later, \
     lueguito, in a while|bit, in a little while, un poco|poquito mas tarde, mas tarde|tardecito, \
     mas al rato, al rato|ratito, en un rato|ratito, dentro de un rato",
)]);

/// "Thursday pm", "the am": half a day without an hour.
fn half_alone<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    match tokens {
        [W("am" | "ams"), rest @ ..] => Some((PartSaid::Part(Half::Morning, false), rest)),
        [W("pm" | "pms"), rest @ ..] => Some((PartSaid::Part(Half::Afternoon, false), rest)),
        _ => None,
    }
}

fn third<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    let (third, rest) = match tokens {
        [W("early" | "temprano"), rest @ ..] => (Third::Early, rest),
        [W("mid"), Dash, rest @ ..]
        | [W("middle"), W("of"), rest @ ..]
        | [W("mid" | "middle"), rest @ ..]
            if plain(rest).is_some() =>
        {
            (Third::Middle, rest)
        }
        [W("late"), rest @ ..] => (Third::Late, rest),
        _ => return None,
    };
    Some((PartSaid::Third(third), rest))
}

/// Morning, afternoon, evening.
pub(super) fn plain<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    let (is_today, named) = match tokens {
        // "Mañana" alone is tomorrow, and behind its article the morning.
        [W("manana"), ..] => return None,
        [W("tonight"), ..] => (true, tokens),
        [W("this" | "esta"), rest @ ..] => (true, rest),
        [W("in" | "during" | "for"), W("the"), rest @ ..]
        | [
            W("por" | "en" | "a" | "de" | "durante" | "para"),
            W("la" | "las"),
            rest @ ..,
        ]
        | [
            W("la" | "las" | "the" | "at" | "in" | "cualquier"),
            rest @ ..,
        ] => (false, rest),
        _ => (false, tokens),
    };
    let [W(name), rest @ ..] = named else {
        return None;
    };
    let half = match *name {
        "morning" | "mornings" | "manana" | "mananas" | "mananita" => Half::Morning,
        "afternoon" | "afternoons" | "tarde" | "tardes" | "tardecita" | "tardecitas"
        | "tardecito" => Half::Afternoon,
        "evening" | "evenings" | "night" | "nights" | "tonight" | "noche" | "noches"
        | "nochecita" | "nochecitas" => Half::Night,
        _ => return None,
    };
    Some((PartSaid::Part(half, is_today), rest))
}
