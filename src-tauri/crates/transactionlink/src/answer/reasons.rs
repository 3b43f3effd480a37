//! The reasons in a refusal, wherever in its JSON they stand.

use serde_json::{Map, Value};

use super::fields;

/// How many reasons are told.
pub(super) const MOST_PROBLEMS: usize = 20;
/// How deep a refusal is looked into.
const DEEPEST: usize = 8;

/// Where a reason stands, the best first: the documented one, RFC 9457's, Spring's, OAuth's,
/// Apigee's, and what others use.
const MESSAGES: [&str; 14] = [
    "message",
    "detail",
    "defaultmessage",
    "errormessage",
    "error_description",
    "faultstring",
    "description",
    "reason",
    "msg",
    "userMessage",
    "text",
    "title",
    "error",
    "status_message",
];
const CODES: [&str; 7] = [
    "code",
    "errorcode",
    "error_code",
    "error",
    "errorType",
    "__type",
    "fault",
];
/// The field that a reason is about.
const FIELDS: [&str; 7] = [
    "field",
    "property",
    "propertyName",
    "parameter",
    "param",
    "pointer",
    "name",
];
/// What stands in a refusal beside its reason.
const ASIDE: [&str; 15] = [
    "timestamp",
    "path",
    "instance",
    "trace",
    "stacktrace",
    "exception",
    "status",
    "statuscode",
    "type",
    "method",
    "requestid",
    "request_id",
    "traceid",
    "fingerprint",
    "rejectedvalue",
];

/// One reason.
pub(super) struct Reason {
    pub(super) code: String,
    pub(super) message: String,
}

impl Reason {
    pub(super) fn text(message: String) -> Self {
        Self {
            code: String::new(),
            message,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.code.trim().is_empty() && self.message.trim().is_empty()
    }
}

/// Every reason in a refusal.
pub(super) fn reasons(value: &Value) -> Vec<Reason> {
    let mut found = Vec::new();
    collect(value, DEEPEST, &mut found);
    if found.iter().all(Reason::is_nothing) {
        found.clear();
        leaves(value, "", DEEPEST, &mut found);
    }
    found
}

/// JSON, also where a part of it is too deep or too long to be read.
pub(super) fn json(text: &str) -> Option<Value> {
    let whole = serde_json::from_str(text).ok();
    whole.or_else(|| fields(text.as_bytes()).map(Value::Object))
}

/// Every reason in a value: first those of its parts, for the documented form has them in a list.
fn collect(value: &Value, deep: usize, found: &mut Vec<Reason>) {
    if deep == 0 || found.len() >= MOST_PROBLEMS {
        return;
    }
    match value {
        Value::Array(all) => {
            for one in all {
                collect(one, deep - 1, found);
            }
        }
        Value::Object(object) => {
            for (name, part) in object {
                if !is_aside(name) && (part.is_object() || part.is_array()) {
                    parts(name, part, deep - 1, found);
                }
            }
            found.extend(own(object, deep, found.is_empty()));
        }
        Value::String(text) if is_json(text) => match json(text) {
            Some(inner) => collect(&inner, deep - 1, found),
            None => found.push(Reason::text(text.clone())),
        },
        Value::String(text) => found.push(Reason::text(text.clone())),
        _ => {}
    }
}

/// The reasons in a part of an object. A list of texts by the name of a field is about that field.
fn parts(name: &str, part: &Value, deep: usize, found: &mut Vec<Reason>) {
    let texts_only = match part {
        Value::Array(all) => all.iter().all(Value::is_string),
        _ => false,
    };
    if let Value::Object(object) = part
        && is_of_errors(name)
        && own(object, 1, true).is_none()
    {
        for (field, texts) in object {
            let before = found.len();
            collect(texts, deep, found);
            about(field, &mut found[before..]);
        }
        return;
    }
    if texts_only && !is_of_errors(name) {
        return;
    }
    collect(part, deep, found);
}

fn is_of_errors(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "error",
        "violation",
        "message",
        "detail",
        "reason",
        "problem",
        "fault",
        "cause",
        "invalid",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn about(field: &str, found: &mut [Reason]) {
    for one in found {
        if !field.is_empty() && !one.message.is_empty() && !one.message.contains(field) {
            one.message = format!("{field}: {}", one.message);
        }
    }
}

/// The reason that an object itself gives. Its title says nothing that its parts do not say better.
fn own(object: &Map<String, Value>, deep: usize, alone: bool) -> Option<Reason> {
    let named = MESSAGES.into_iter().find_map(|wanted| {
        let text = at(object, wanted)?.as_str()?;
        (!text.trim().is_empty()).then_some((wanted, text))
    });
    let code = code(object);
    let Some((name, text)) = named else {
        return (alone && !code.is_empty()).then(|| Reason {
            code,
            message: String::new(),
        });
    };
    if !alone && matches!(name, "title" | "error" | "status_message" | "text") {
        return None;
    }
    if is_json(text) && deep > 0 {
        let mut inner = Vec::new();
        collect(&Value::from(text), deep - 1, &mut inner);
        return inner.into_iter().next();
    }
    let mut one = [Reason {
        code: if code == text { String::new() } else { code },
        message: text.to_owned(),
    }];
    let field = FIELDS
        .into_iter()
        .find_map(|name| at(object, name)?.as_str());
    about(field.unwrap_or_default(), &mut one);
    let [one] = one;
    Some(one)
}

/// A code, as text; numbers are common.
fn code(object: &Map<String, Value>) -> String {
    let found = CODES.into_iter().find_map(|name| match at(object, name)? {
        Value::String(code) if !code.trim().is_empty() => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    });
    found.unwrap_or_default()
}

/// Texts of an object that has none of the names, with the names it has.
fn leaves(value: &Value, name: &str, deep: usize, found: &mut Vec<Reason>) {
    if deep == 0 || found.len() >= MOST_PROBLEMS || is_aside(name) {
        return;
    }
    match value {
        Value::Array(all) => {
            for one in all {
                leaves(one, name, deep - 1, found);
            }
        }
        Value::Object(object) => {
            for (name, part) in object {
                leaves(part, name, deep - 1, found);
            }
        }
        Value::String(text) if !text.trim().is_empty() => {
            let mut one = [Reason::text(text.clone())];
            about(name, &mut one);
            found.extend(one);
        }
        _ => {}
    }
}

fn at<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = object.get(name);
    found.or_else(|| {
        let mut all = object.iter();
        all.find_map(|(other, value)| other.eq_ignore_ascii_case(name).then_some(value))
    })
}

fn is_aside(name: &str) -> bool {
    ASIDE.iter().any(|aside| name.eq_ignore_ascii_case(aside))
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}
