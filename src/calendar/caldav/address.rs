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

/// The address that a server means by a reference in an answer. Some begin a path with two slashes, or a name with what looks like a scheme.
pub fn resolve(base: &Url, href: &str) -> Option<Url> {
    let href = href.trim();
    let is_name = !href.contains("://") && href.split('/').next()?.contains(':');
    let href = match href.strip_prefix("//") {
        Some(path) => format!("/{path}"),
        None if is_name => format!("./{href}"),
        None => href.to_owned(),
    };
    join(base, &href).map(normal)
}

/// The address of a reference. A server behind a proxy may not know that it is reached by TLS.
pub fn join(base: &Url, reference: &str) -> Option<Url> {
    let mut url = base.join(reference).ok()?;
    if base.scheme() == "https" && url.scheme() == "http" && url.host() == base.host() {
        url.set_scheme("https").ok()?;
        url.set_port(base.port()).ok()?;
    }
    Some(url)
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
    fn a_reference_is_resolved_however_it_is_written() {
        let resolved = |base: &str, href: &str| {
            let base = base.parse().unwrap();
            resolve(&base, href).map(String::from).unwrap_or_default()
        };
        let base = "https://a.example:8443/cal/jobs/";
        for (href, expected) in [
            ("one.ics", "https://a.example:8443/cal/jobs/one.ics"),
            ("a:b.ics", "https://a.example:8443/cal/jobs/a%3Ab.ics"),
            ("/cal/a:b.ics", "https://a.example:8443/cal/a%3Ab.ics"),
            ("//cal//one.ics", "https://a.example:8443/cal//one.ics"),
            ("http://a.example/cal/", "https://a.example:8443/cal/"),
            ("http://a.example:80/cal/", "https://a.example:8443/cal/"),
            ("https://b.example/cal/", "https://b.example/cal/"),
            ("http://b.example/cal/", "http://b.example/cal/"),
        ] {
            assert_eq!(resolved(base, href), expected, "{href}");
        }
        let plain = resolved("http://a.example/", "http://a.example:81/cal/");
        assert_eq!(plain, "http://a.example:81/cal/");
        let redirect = join(&base.parse().unwrap(), "//b.example/");
        assert_eq!(redirect.unwrap().as_str(), "https://b.example/");
    }

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
