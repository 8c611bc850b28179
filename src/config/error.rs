//! What is said of a setting that cannot be used.

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name} {value}; allowed: {allowed}")]
pub struct SettingError {
    /// The environment variable.
    name: String,
    /// What it was, or that it is a secret and not shown.
    value: String,
    /// What it may be.
    allowed: String,
}

impl SettingError {
    /// A setting whose value may be shown.
    pub(crate) fn new(name: impl Into<String>, value: &str, allowed: impl Into<String>) -> Self {
        let value = if value.is_empty() {
            "is not set".to_owned()
        } else {
            format!("is \"{value}\"")
        };
        Self {
            name: name.into(),
            value,
            allowed: allowed.into(),
        }
    }

    /// Settings of which none is set, named as in "neither A nor B".
    pub(crate) fn unset(names: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self {
            name: names.into(),
            value: "is set".to_owned(),
            allowed: allowed.into(),
        }
    }

    /// A setting whose value is a secret.
    pub(crate) fn secret(name: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: "(a secret, not shown) cannot be used".to_owned(),
            allowed: allowed.into(),
        }
    }
}
