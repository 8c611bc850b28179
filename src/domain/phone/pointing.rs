//! Words given instead of a number: placeholders, and references to the number that is calling.

use crate::domain::{
    fold, placeholder,
    words::{Phrases, Words},
};

/// Whether a text is a placeholder, or refers to the number that is calling.
pub(super) fn stands_for_nothing(text: &str) -> bool {
    if is_template(text.trim()) {
        return true;
    }
    let words = fold::words(text);
    let said = words.join(" ");
    if said.is_empty() || placeholder::is_listed_one(&said) || NOTHING.get(&said).is_some() {
        return true;
    }
    words.iter().any(|word| POINTING.has(word))
        && words
            .iter()
            .all(|word| POINTING.has(word) || AROUND.has(word))
}

/// An unfilled template: `{{customer.number}}`, `${phone}`, `<phone>`, `[phone number]`.
fn is_template(text: &str) -> bool {
    let has_letters = text.contains(|sign: char| sign.is_alphabetic());
    let is_within = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    has_letters
        && (is_within("{", "}")
            || is_within("${", "}")
            || is_within("<", ">")
            || is_within("[", "]")
            || is_within("%", "%"))
}

/// What is written for a number that there is not, beside placeholders of any kind.
static NOTHING: Phrases<()> = Phrases::new(&[(
    (),
    "nan, anonymous, private, restricted, blocked, phone, same, telefono, \
     customer|caller|no phone, no|customer number, the one|number|phone im on, \
     the one im on right now, sin numero, numero de telefono",
)]);

/// Words that point at the number that is calling.
static POINTING: Words = Words::new(&[
    "my mine this same caller callers current calling called mi mio este esta mismo misma llamo \
     llamando llame hablo hablando marco marcando",
]);

/// Words that may stand beside them and name no other number.
static AROUND: Words = Words::new(&[
    "a am at back call cell cellphone cellular from here i id im is it its just line me mobile \
     now number on one phone please right sure telephone text thats that the to use with yeah yes \
     you youre have aqui ahorita al cel celular de del desde donde el en es estoy favor la le les \
     linea lo los movil no numero por que si telefono tengo un usa claro yo cual",
]);
