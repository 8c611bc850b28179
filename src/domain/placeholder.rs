//! Stub.

/// Whether a text stands for nothing.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "null" | "none" | "unknown" | "undefined"
    )
}
