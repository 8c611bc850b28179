//! What providers say of their requests: which there are, and what their parameters and bodies may hold
//! (`fixtures/calendar/*-parameters.json`). Whatever else is asked is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::http::Request;

/// The document, as far as it is needed.
#[derive(Deserialize)]
pub struct Document {
    query: BTreeSet<String>,
    methods: BTreeMap<String, Method>,
    schemas: BTreeMap<String, Value>,
}

/// One kind of request.
#[derive(Deserialize)]
pub struct Method {
    #[serde(rename = "method")]
    verb: String,
    path: String,
    query: BTreeSet<String>,
    /// Each of which allows it.
    #[serde(default)]
    pub scopes: BTreeSet<String>,
    request: Option<String>,
    response: Option<String>,
}

impl Document {
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }

    /// All requests there are.
    pub fn methods(&self) -> impl Iterator<Item = (&String, &Method)> {
        self.methods.iter()
    }

    /// Which request it is, and what stands in its path.
    pub fn find(&self, request: &Request, path: &[String]) -> Option<(&str, &Method, Vec<String>)> {
        self.methods.iter().find_map(|(name, method)| {
            let template: Vec<&str> = method.path.split('/').collect();
            if method.verb != request.method || template.len() != path.len() {
                return None;
            }
            let mut values = Vec::new();
            for (known, part) in template.iter().zip(path) {
                if known.starts_with('{') {
                    values.push(part.clone());
                } else if known != part {
                    return None;
                }
            }
            Some((name.as_str(), method, values))
        })
    }

    /// What is wrong with a request.
    pub fn complaint(&self, method: &Method, request: &Request) -> Option<String> {
        for (name, _) in &request.query {
            if !method.query.contains(name) && !self.query.contains(name) {
                return Some(format!("there is no parameter {name}"));
            }
        }
        if let (Some(fields), Some(response)) = (request.parameter("fields"), &method.response) {
            let Some(mask) = Mask::parse(fields) else {
                return Some(format!("Invalid field selection {fields}"));
            };
            if let Some(name) = self.unknown_field(&mask, &Value::String(response.clone())) {
                return Some(format!("Invalid field selection {name}"));
            }
        }
        if let (Some(names), Some(response)) = (request.parameter("$select"), &method.response) {
            let fields = self.schemas[response].as_object().unwrap();
            if let Some(name) = names.split(',').find(|name| !fields.contains_key(*name)) {
                return Some(format!("there is no field {name}"));
            }
        }
        match &method.request {
            Some(schema) => self.wrong(&request.json(), &Value::String(schema.clone()), schema),
            None if request.body.is_empty() => None,
            None => Some("it takes no body".to_owned()),
        }
    }

    fn unknown_field(&self, mask: &Mask, schema: &Value) -> Option<String> {
        let Mask::Some(names) = mask else {
            return None;
        };
        let fields = self.fields(schema);
        names.iter().find_map(|(name, below)| {
            let known = fields.and_then(|fields| fields.get(name).or_else(|| fields.get("*")));
            match known {
                Some(known) => self.unknown_field(below, known),
                None => Some(name.clone()),
            }
        })
    }

    fn fields<'a>(&'a self, schema: &'a Value) -> Option<&'a Map<String, Value>> {
        match schema {
            Value::String(name) => self.schemas.get(name)?.as_object(),
            schema => schema.as_object(),
        }
    }

    fn wrong(&self, value: &Value, schema: &Value, path: &str) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Array(values) => values
                .iter()
                .find_map(|value| self.wrong(value, schema, path)),
            Value::Object(values) => {
                let Some(fields) = self.fields(schema) else {
                    return Some(format!("{path} is no object"));
                };
                values.iter().find_map(|(name, value)| {
                    let path = format!("{path}.{name}");
                    match fields.get(name).or_else(|| fields.get("*")) {
                        Some(schema) => self.wrong(value, schema, &path),
                        None => Some(format!("there is no field {path}")),
                    }
                })
            }
            value => {
                let is = match value {
                    Value::String(_) => "string",
                    Value::Bool(_) => "boolean",
                    _ => "integer",
                };
                (schema != is).then(|| format!("{path} must not be a {is}"))
            }
        }
    }
}

/// Which fields of an answer are asked for.
pub enum Mask {
    All,
    Some(BTreeMap<String, Mask>),
}

impl Mask {
    /// `a,b/c,d(e,f)`; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mask = Self::list(&mut rest)?;
        rest.is_empty().then_some(mask)
    }

    fn list(rest: &mut &str) -> Option<Self> {
        let mut names = BTreeMap::new();
        loop {
            let (name, below) = Self::one(rest)?;
            names.insert(name, below);
            match rest.strip_prefix(',') {
                Some(after) => *rest = after,
                None => return Some(Self::Some(names)),
            }
        }
    }

    fn one(rest: &mut &str) -> Option<(String, Self)> {
        let end = rest.find(['/', '(', ')', ',']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let name = name.to_owned();
        *rest = behind;
        if name.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix('/') {
            *rest = after;
            return Some((name, Self::Some(BTreeMap::from([Self::one(rest)?]))));
        }
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let below = Self::list(rest)?;
            *rest = rest.strip_prefix(')')?;
            return Some((name, below));
        }
        Some((name, Self::All))
    }

    /// What of a value is asked for.
    pub fn apply(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Some(_), Value::Array(values)) => {
                values.into_iter().map(|value| self.apply(value)).collect()
            }
            (Self::Some(names), Value::Object(values)) => values
                .into_iter()
                .filter_map(|(name, value)| {
                    let below = names.get(&name)?;
                    Some((name, below.apply(value)))
                })
                .collect(),
            (_, value) => value,
        }
    }
}
