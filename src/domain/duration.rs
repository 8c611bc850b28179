//! Stub.

/// Minutes.
#[must_use]
pub fn minutes(said: &str) -> Option<u32> {
    said.split_whitespace().next()?.parse().ok()
}
