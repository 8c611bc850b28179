//! HTTP digest authentication (RFC 7616), for servers that take no password as it is: Baïkal's default.

use std::fmt::Write as _;

use md5::Md5;
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use sha2::{Digest, Sha256};

/// What a server wants to be answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: String,
    /// Whether the request is counted, and a text of the client's own is added.
    is_counted: bool,
}

impl Challenge {
    /// The challenge of a refusal that can be answered, if its server takes nothing simpler.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut found: Vec<Self> = Vec::new();
        for header in headers.get_all(WWW_AUTHENTICATE) {
            let (mut is_digest, mut is_quoted) = (false, false);
            let parts = header.to_str().ok()?.split(|character| {
                is_quoted ^= character == '"';
                character == ',' && !is_quoted
            });
            for part in parts {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                // A scheme stands before the first of its parameters.
                let mut words = name.split_whitespace();
                let (first, second) = (words.next().unwrap_or_default(), words.next());
                if second.is_some() || value.is_empty() {
                    if first.eq_ignore_ascii_case("Basic") {
                        return None;
                    }
                    is_digest = first.eq_ignore_ascii_case("Digest");
                    found.extend(is_digest.then(Self::default));
                }
                if let (true, Some(challenge)) = (is_digest, found.last_mut()) {
                    challenge.set(second.unwrap_or(first), value.trim().trim_matches('"'));
                }
            }
        }
        found
            .into_iter()
            .find(|challenge| challenge.hash().is_some())
    }

    fn set(&mut self, name: &str, value: &str) {
        let text = || value.replace("\\\"", "\"").replace("\\\\", "\\");
        match name.to_ascii_lowercase().as_str() {
            "realm" => self.realm = text(),
            "nonce" => self.nonce = text(),
            "opaque" => self.opaque = Some(text()),
            "algorithm" => value.clone_into(&mut self.algorithm),
            "qop" => self.is_counted = value.split(',').any(|it| it.trim() == "auth"),
            _ => {}
        }
    }

    /// How it hashes, if that is known.
    fn hash(&self) -> Option<fn(String) -> String> {
        match self
            .algorithm
            .to_ascii_uppercase()
            .trim_end_matches("-SESS")
        {
            "" | "MD5" => Some(|text| hex::encode(Md5::digest(text))),
            "SHA-256" => Some(|text| hex::encode(Sha256::digest(text))),
            _ => None,
        }
    }

    /// What a request for a path is sent with; `own` is any text that was not used before.
    pub fn answer(
        &self,
        (username, password): (&str, &str),
        (method, path): (&str, &str),
        own: &str,
    ) -> Option<String> {
        let hash = self.hash()?;
        let Self { realm, nonce, .. } = self;
        let mut secret = hash(format!("{username}:{realm}:{password}"));
        if self.algorithm.to_ascii_uppercase().ends_with("-SESS") {
            secret = hash(format!("{secret}:{nonce}:{own}"));
        }
        let request = hash(format!("{method}:{path}"));
        let response = hash(if self.is_counted {
            format!("{secret}:{nonce}:00000001:{own}:auth:{request}")
        } else {
            format!("{secret}:{nonce}:{request}")
        });
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let mut header = format!(
            "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{path}\", response=\"{response}\"",
            quoted(username),
            quoted(realm),
            quoted(nonce)
        );
        if !self.algorithm.is_empty() {
            let _ = write!(header, ", algorithm={}", self.algorithm);
        }
        if self.is_counted {
            let _ = write!(header, ", qop=auth, nc=00000001, cnonce=\"{own}\"");
        }
        if let Some(opaque) = &self.opaque {
            let _ = write!(header, ", opaque=\"{}\"", quoted(opaque));
        }
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(values: &[&str]) -> Option<Challenge> {
        let values = values
            .iter()
            .map(|value| (WWW_AUTHENTICATE, value.parse().unwrap()));
        Challenge::of(&values.collect())
    }

    #[test]
    fn the_examples_of_the_standard_are_answered_as_it_says() {
        let own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            (
                "SHA-256",
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            ),
        ] {
            let header = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let answer = challenge(&[&header])
                .unwrap()
                .answer(
                    ("Mufasa", "Circle of Life"),
                    ("GET", "/dir/index.html"),
                    own,
                )
                .unwrap();
            assert!(
                answer.contains(&format!("response=\"{response}\"")),
                "{answer}"
            );
            assert!(answer.contains("opaque=\"FQhe/qaU"), "{answer}");
        }
    }

    #[test]
    fn a_simpler_way_is_taken_where_there_is_one() {
        let digest = "Digest realm=\"a, b\", nonce=\"1\"";
        assert_eq!(challenge(&[digest]).unwrap().realm, "a, b");
        assert_eq!(challenge(&["Negotiate", digest]).unwrap().nonce, "1");
        assert_eq!(challenge(&[digest, "Basic realm=\"a\""]), None);
        assert_eq!(challenge(&[&format!("{digest}, Basic realm=\"a\"")]), None);
        assert_eq!(challenge(&["Bearer realm=\"a\", nonce=\"1\""]), None);
        assert_eq!(challenge(&[]), None);
        let unknown = format!("{digest}, algorithm=SHA-512-256");
        assert_eq!(challenge(&[&unknown]), None);
        let known = "Digest realm=\"b\", nonce=\"2\", algorithm=MD5";
        assert_eq!(challenge(&[&unknown, known]).unwrap().realm, "b");
        let both = challenge(&[&format!("{unknown}, {known}")]);
        assert_eq!(both.unwrap().nonce, "2");
    }
}
