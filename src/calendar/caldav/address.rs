//! Addresses of resources: servers write the same one in several ways.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use url::Url;

/// What is not written as it is in a segment of a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@')
    .remove(b'+')
    .remove(b'=');

/// An address in the one form in which it is compared, without query and fragment.
pub fn normal(mut url: Url) -> Url {
    let path = path(url.path());
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    // What is sent is the client's own, and to nobody else.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A path in that form.
pub fn path(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let bytes: Vec<u8> = percent_decode_str(segment).collect();
        percent_encode(&bytes, ENCODED).to_string()
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A collection ends with a slash; without it, what lies in it would not be below it.
pub fn collection(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

/// What a resource is called outside: its path, or its whole address where it lies on another host than the one that was configured.
pub fn id(base: &Url, url: &Url) -> String {
    if url.origin() == base.origin() {
        url.path().to_owned()
    } else {
        url.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        let form = |text: &str| normal(text.parse().unwrap()).to_string();
        let expected = "https://a.example/ann%40home/ü b/x%2Fy.ics";
        for other in [
            "https://a.example/ann@home/%C3%BC%20b/x%2fy.ics",
            "https://ann:secret@a.example:443/%61nn@home/ü b/x%2Fy.ics?q#f",
        ] {
            assert_eq!(form(other), form(expected));
        }
        assert_eq!(
            form(expected),
            "https://a.example/ann@home/%C3%BC%20b/x%2Fy.ics"
        );
    }
}
