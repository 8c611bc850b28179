//! stub
use crate::oncall::reply::Wish;
pub fn page(text: &str) -> Option<(Wish, Option<i16>)> {
    let t = text.trim().to_lowercase();
    let mut w = t.split_whitespace();
    let wish = match w.next()? {
        "1" | "ok" | "ack" | "voy" | "sí" => Wish::Take,
        "2" => Wish::Pass,
        "3" => Wish::Done,
        _ => return None,
    };
    Some((wish, w.next().and_then(|c| c.parse().ok())))
}
