//! Answers of WebDAV: small trees of elements, of which the names are known by their namespace.

use quick_xml::{NsReader, events::Event, name::ResolveResult};

use crate::domain::external_calendar::CalendarError;

/// How deep elements lie in each other, and how many there are.
const DEPTH_LIMIT: usize = 32;
const ELEMENTS_LIMIT: usize = 400_000;

/// The namespace of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// WebDAV.
    Dav,
    /// CalDAV.
    CalDav,
    /// Any other.
    Other,
}

/// An element.
#[derive(Debug)]
pub struct Element {
    namespace: Namespace,
    name: String,
    /// `name`, which is all that is asked of attributes.
    pub name_attribute: Option<String>,
    /// What is in it.
    pub children: Vec<Element>,
    /// Its text, without that of what is in it.
    pub text: String,
}

/// One resource of an answer.
#[derive(Debug)]
pub struct Response {
    /// Its address.
    pub href: String,
    /// What became of it, where nothing is said of its properties.
    pub status: Option<u16>,
    /// The properties that it has.
    pub props: Vec<Element>,
    /// Why it lacks others.
    pub lacks: Option<u16>,
}

/// Several resources.
#[derive(Debug, Default)]
pub struct Multistatus {
    /// Each.
    pub responses: Vec<Response>,
    /// From where changes are told next time.
    pub sync_token: Option<String>,
}

impl Element {
    /// Whether it is this one.
    pub fn is(&self, namespace: Namespace, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The first one of this name in it.
    pub fn child(&self, namespace: Namespace, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// The addresses in it.
    pub fn hrefs(&self) -> impl Iterator<Item = &str> {
        let hrefs = self
            .children
            .iter()
            .filter(|child| child.is(Namespace::Dav, "href"));
        hrefs.map(|href| href.text.trim())
    }
}

impl Response {
    /// The property of this name.
    pub fn prop(&self, namespace: Namespace, name: &str) -> Option<&Element> {
        self.props.iter().find(|prop| prop.is(namespace, name))
    }

    /// The text of a property, if it has one.
    pub fn text(&self, namespace: Namespace, name: &str) -> Option<String> {
        let text = self.prop(namespace, name)?.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// Reads the answer to PROPFIND or REPORT.
pub fn multistatus(body: &[u8]) -> Result<Multistatus, CalendarError> {
    let root = parse(body)?;
    if !root.is(Namespace::Dav, "multistatus") {
        return Err(CalendarError::Unreadable("no multistatus"));
    }
    let mut found = Multistatus::default();
    for child in root.children {
        if child.is(Namespace::Dav, "sync-token") {
            found.sync_token = Some(child.text.trim().to_owned()).filter(|token| !token.is_empty());
        } else if child.is(Namespace::Dav, "response") {
            found.responses.extend(responses(child));
        }
    }
    Ok(found)
}

/// The condition that was not met, as the body of a refusal names it.
pub fn condition(body: &[u8]) -> Option<String> {
    let root = parse(body).ok()?;
    let mut conditions = root.children.iter();
    root.is(Namespace::Dav, "error")
        .then(|| conditions.next())
        .flatten()
        .map(|condition| condition.name.clone())
}

fn responses(response: Element) -> Vec<Response> {
    let status = response
        .child(Namespace::Dav, "status")
        .and_then(|status| code(&status.text));
    let hrefs: Vec<_> = response.hrefs().map(str::to_owned).collect();
    let (mut props, mut lacks) = (Vec::new(), None);
    for propstat in response
        .children
        .into_iter()
        .filter(|child| child.is(Namespace::Dav, "propstat"))
    {
        let status = propstat
            .child(Namespace::Dav, "status")
            .and_then(|status| code(&status.text));
        if status.is_some_and(|status| (200..300).contains(&status)) {
            let prop = propstat
                .children
                .into_iter()
                .find(|child| child.is(Namespace::Dav, "prop"));
            props.extend(prop.into_iter().flat_map(|prop| prop.children));
        } else {
            lacks = status;
        }
    }
    let mut props = Some(props);
    // Several addresses have but one status.
    hrefs
        .into_iter()
        .map(|href| Response {
            href,
            status,
            props: props.take().unwrap_or_default(),
            lacks,
        })
        .collect()
}

/// The code of a line such as `HTTP/1.1 200 OK`.
fn code(line: &str) -> Option<u16> {
    line.split_whitespace().nth(1)?.parse().ok()
}

fn parse(body: &[u8]) -> Result<Element, CalendarError> {
    let wrong = CalendarError::Unreadable("no XML");
    let text = String::from_utf8_lossy(body);
    let mut reader = NsReader::from_str(&text);
    let mut open = vec![Element::new(Namespace::Other, "", None)];
    let mut count = 0;
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|_has_its_text| wrong.clone())?;
        let namespace = namespace_of(&namespace);
        match event {
            Event::Start(start) | Event::Empty(start)
                if count > ELEMENTS_LIMIT || open.len() > DEPTH_LIMIT =>
            {
                drop(start);
                return Err(CalendarError::TooLarge);
            }
            Event::Start(start) => {
                count += 1;
                open.push(element(namespace, &start));
            }
            Event::Empty(start) => {
                count += 1;
                let empty = element(namespace, &start);
                if let Some(around) = open.last_mut() {
                    around.children.push(empty);
                }
            }
            Event::End(_) => {
                if let (Some(closed), Some(around)) = (open.pop(), open.last_mut()) {
                    around.children.push(closed);
                }
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                // Entities that the document defines itself are no part of WebDAV, and may be made to grow without bound.
                let text = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string(),
                    // One that there is not.
                    Err(_) => char::REPLACEMENT_CHARACTER.to_string(),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or(wrong.clone())?
                        .to_owned(),
                };
                add(&mut open, &text);
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let mut outside = open.into_iter();
    match (outside.next(), outside.next()) {
        (Some(outside), None) => outside.children.into_iter().next().ok_or(wrong),
        _ => Err(wrong),
    }
}

impl Element {
    fn new(namespace: Namespace, name: &str, name_attribute: Option<String>) -> Self {
        Self {
            namespace,
            name: name.to_owned(),
            name_attribute,
            children: Vec::new(),
            text: String::new(),
        }
    }
}

fn element(namespace: Namespace, start: &quick_xml::events::BytesStart<'_>) -> Element {
    let attribute = start.try_get_attribute("name").ok().flatten();
    let attribute = attribute.map(|attribute| attribute.value.into_owned());
    Element::new(namespace, start.local_name().into_inner(), attribute)
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn namespace_of(resolved: &ResolveResult<'_>) -> Namespace {
    match resolved {
        ResolveResult::Bound(namespace) => match namespace.into_inner() {
            "DAV:" => Namespace::Dav,
            "urn:ietf:params:xml:ns:caldav" => Namespace::CalDav,
            _ => Namespace::Other,
        },
        _ => Namespace::Other,
    }
}
