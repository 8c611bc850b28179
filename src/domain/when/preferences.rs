//! What names neither an hour nor a part of the day: "as soon as possible", "a primera hora", "whenever".

use super::{
    parts::{
        self,
        PartSaid::{self, Any, AnyDay, First, Last, Nothing, Soonest},
    },
    token::{Rest, Token::Word as W},
};
use crate::domain::words::Phrases;

/// Phrases that name neither an hour nor a part of the day.
static PREFERENCES: Phrases<PartSaid> = Phrases::new(&[
    (
        Soonest,
        "first thing|one available, asap, immediately, now, soonest, quickest, earliest, ahora, \
         ahorita, inmediatamente, prontito, urgente, urgently, pronto, soon, as soon as, \
         right now|away, sooner the better, next|first available|appointment|opening|slot, \
         first one you have, first one youve got, first you have, ahora|ahorita|ya mismo, \
         de inmediato|volada, lo|cuanto antes, lo mas pronto|prontito|rapido, tan pronto como, \
         en cuanto puedan|pueda|antes, en cuanto se pueda, apenas puedan, apenas se pueda, \
         para ya, primera|primero|proxima disponible, primera hora disponible, \
         primera|primero que, primera|proxima cita, primer|proximo turno",
    ),
    (
        First,
        "first thing, bright and early, as early as you can, as early as, when you open, \
         right when you open, at opening, cuando abran, a primera hora, lo mas temprano, \
         primera hora",
    ),
    (
        Last,
        "last thing|appointment|slot|opening|visit, latest appointment|slot|available, \
         as late as, at|by the end of the day, end of the day|workday, end of day|business, \
         by end of day|business, eod, cob, by eod|cob, close of business, \
         by|before close of business, by the close of business, closing time, \
         before|when you close, before|at closing|close, right|just before you close, \
         end of the business|work day, al cierre, antes de que cierren, antes de cerrar, \
         al final de la jornada, a|la ultima hora, ultima hora, al final del dia, lo mas tarde, \
         la ultima cita, el ultimo turno",
    ),
    (
        Nothing,
        "of the day, posible, possible, tengan, haya, que puedan|tengan|tenga|haya|sea|pueda, \
         que se pueda, you guys have, youve|you got, you have|can, or so|something, if possible, \
         mas o menos, o algo asi, si es posible, si se puede, por favor",
    ),
    (
        AnyDay,
        "any day|date, a cualquier dia, whatever|whichever day, cualquier dia|fecha, \
         el dia que sea|puedan",
    ),
    (
        Any,
        "any time|hour, anytime, any, whenever, whatever, flexible, cualquiera, \
         whatever works|time, whatever you have|got, whatever youve got, \
         whatever is available|open|easiest, whatevers available|open|easiest, anything works, \
         anything is fine, no preference|importa, doesnt matter, does not matter, dont care, \
         i dont mind, all day, cualquier hora|momento, a cualquier hora, en cualquier momento, \
         a la hora que sea|puedan|digan|gusten, \
         cuando sea|puedan|quieran|haya|gusten|guste|tengan|digan, todo el dia, sin preferencia, \
         me da igual, da|es igual, da lo mismo, me da lo mismo, como sea, lo|la|el que sea, \
         lo que tengan|tenga|haya, cuando se pueda, cuando ustedes puedan|digan, \
         cuando usted diga, a la hora que ustedes puedan",
    ),
]);

/// Reads a preference that names neither an hour nor a part of the day at the beginning of `tokens`.
pub(super) fn preference<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(PartSaid, Rest<'t, 'a>)> {
    match tokens {
        // Only the adverb goes: "today" is the day, and "this afternoon" the part of it.
        [W("later"), W("on"), rest @ ..]
        | [W("later"), rest @ ..]
        | [W("mas"), W("tarde" | "tardecito"), rest @ ..]
            if matches!(rest, [W("today" | "hoy" | "tonight"), ..])
                || (matches!(rest, [W("this" | "esta"), ..]) && parts::plain(rest).is_some()) =>
        {
            Some((Nothing, rest))
        }
        _ => PREFERENCES.begin(tokens),
    }
}
