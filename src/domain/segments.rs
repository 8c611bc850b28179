//! How many parts a text message is sent in, which is what it costs.
//!
//! In the alphabet of GSM (3GPP TS 23.038) a part has 160 characters, or 153 when there are several; one character outside of
//! it makes the whole message UCS-2, with 70 and 67.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take the place of two.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// How many parts a text is sent in; none for no text.
#[must_use]
pub fn count(text: &str) -> usize {
    let mut units = 0;
    for letter in text.chars() {
        if BASIC.contains(letter) {
            units += 1;
        } else if EXTENDED.contains(letter) {
            units += 2;
        } else {
            return parts(text.encode_utf16().count(), 70, 67);
        }
    }
    parts(units, 160, 153)
}

/// The text without the acute accents that the alphabet of GSM lacks, where they alone would make the message cost more; else as it is.
#[must_use]
pub fn thrifty(text: String) -> String {
    let plain: String = text
        .chars()
        .map(|letter| match letter {
            'á' => 'a',
            'í' => 'i',
            'ó' => 'o',
            'ú' => 'u',
            'Á' => 'A',
            'Í' => 'I',
            'Ó' => 'O',
            'Ú' => 'U',
            other => other,
        })
        .collect();
    if count(&plain) < count(&text) {
        plain
    } else {
        text
    }
}

fn parts(units: usize, alone: usize, joined: usize) -> usize {
    if units <= alone {
        usize::from(units > 0)
    } else {
        units.div_ceil(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::{count, thrifty};

    #[test]
    fn parts_are_counted_as_they_are_charged() {
        for (text, parts) in [
            (String::new(), 0),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ñ¿é".repeat(53), 1),
            ("á".repeat(70), 1),
            ("á".repeat(71), 2),
            ("👍".repeat(35), 1),
            ("👍".repeat(36), 2),
        ] {
            assert_eq!(count(&text), parts, "{text}");
        }
    }

    #[test]
    fn accents_go_only_where_they_cost_something() {
        let long = |word: &str| format!("{word} {}", "a".repeat(100));
        assert_eq!(thrifty(long("sábado, ñandú")), long("sabado, ñandu"));
        for kept in ["el sábado".to_owned(), long("sábado 👍"), long("miércoles")] {
            assert_eq!(thrifty(kept.clone()), kept);
        }
    }
}
