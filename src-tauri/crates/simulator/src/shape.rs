//! Holds JSON against the schema of a type: what the description shows is what is taken. What is
//! wrong is told field by field, all at once.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::{Problem, Refusal};

/// An object as a `T`, if it has the shape that the description gives for `T`. Unknown fields do
/// no harm.
pub(crate) fn shaped<T: ToSchema + DeserializeOwned>(
    object: Map<String, Value>,
) -> Result<T, Refusal> {
    let value = Value::Object(object);
    let problems = problems::<T>(&value)?;
    if !problems.is_empty() {
        return Err(Refusal::all(StatusCode::BAD_REQUEST, problems));
    }
    serde_json::from_value(value).map_err(|_| Refusal::broken("a type is not as it is described"))
}

fn problems<T: ToSchema>(value: &Value) -> Result<Vec<Problem>, Refusal> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let json = |schema| serde_json::to_value(schema).map_err(|_| Refusal::broken("a schema"));
    let mut known = BTreeMap::new();
    for (name, schema) in named {
        known.insert(name, json(schema)?);
    }
    let mut check = Check {
        known,
        problems: Vec::new(),
    };
    check.value("", &json(T::schema())?, value);
    Ok(check.problems)
}

struct Check {
    known: BTreeMap<String, Value>,
    problems: Vec<Problem>,
}

impl Check {
    fn value(&mut self, at: &str, schema: &Value, value: &Value) {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            if let Some(named) = self.known.get(name).cloned() {
                self.value(at, &named, value);
            }
            return;
        }
        for part in list(&schema["allOf"]) {
            self.value(at, part, value);
        }
        let choices = list(&schema["oneOf"]);
        if !choices.is_empty() {
            self.one_of(at, choices, value);
        }
        let types = types(schema);
        let Some(first) = types.iter().find(|name| **name != "null") else {
            return;
        };
        if !types.iter().any(|name| is_a(name, value)) {
            self.fault(at, not_a(first));
            return;
        }
        match value {
            Value::Number(_) if schema["format"] == "int64" && !is_int64(value) => {
                self.fault(at, "is too large a number");
            }
            Value::String(text) => self.text(at, schema, text),
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.value(&format!("{at}[{i}]"), &schema["items"], item);
                }
            }
            Value::Object(object) => self.object(at, schema, object),
            _ => {}
        }
    }

    fn one_of(&mut self, at: &str, choices: &[Value], value: &Value) {
        let (null, rest): (Vec<_>, Vec<_>) = choices.iter().partition(|c| types(c) == ["null"]);
        if value.is_null() && !null.is_empty() {
            return;
        }
        if let [only] = rest.as_slice() {
            self.value(at, only, value);
            return;
        }
        let before = self.problems.len();
        for choice in rest {
            let tried = self.problems.len();
            self.value(at, choice, value);
            if self.problems.len() == tried {
                self.problems.truncate(before);
                return;
            }
        }
        self.problems.truncate(before);
        self.fault(at, "is of none of the types it may have");
    }

    fn object(&mut self, at: &str, schema: &Value, object: &Map<String, Value>) {
        let required = list(&schema["required"]);
        let Some(properties) = schema["properties"].as_object() else {
            return;
        };
        for (name, property) in properties {
            let at = if at.is_empty() {
                name.clone()
            } else {
                format!("{at}.{name}")
            };
            let is_required = required.iter().any(|r| r == name);
            match object.get(name) {
                None | Some(Value::Null) if is_required => self.fault(&at, "is required"),
                None => {}
                Some(value) => self.value(&at, property, value),
            }
        }
    }

    fn text(&mut self, at: &str, schema: &Value, text: &str) {
        let least = schema["minLength"].as_u64().unwrap_or(0);
        let offered = list(&schema["enum"]);
        if text.is_empty() && least > 0 {
            self.fault(at, "is empty");
        } else if schema["format"] == "uuid" && uuid(text).is_none() {
            self.fault(at, "is not a uuid");
        } else if schema["format"] == "date-time" && text.parse::<Timestamp>().is_err() {
            self.fault(at, "is not a time in ISO 8601");
        } else if !offered.is_empty() && !offered.iter().any(|o| o == text) {
            self.fault(at, "is none of the values it may have");
        }
    }

    fn fault(&mut self, at: &str, what: &str) {
        self.problems.push(Problem::at(at, what));
    }
}

/// A uuid in the form with hyphens, the only one taken.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| text.len() == 36)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => {
            let whole = value.as_f64().is_some_and(|n| n.fract() == 0.0);
            value.is_i64() || value.is_u64() || whole
        }
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

/// Whether a whole number fits, also one that is written with a fraction of zero.
fn is_int64(value: &Value) -> bool {
    let fits = |n: f64| n.abs() < 9_223_372_036_854_775_808.0;
    value.is_i64() || (value.is_f64() && value.as_f64().is_some_and(fits))
}

fn not_a(name: &str) -> &'static str {
    match name {
        "string" => "is not a string",
        "boolean" => "is not a boolean",
        "number" => "is not a number",
        "integer" => "is not a whole number",
        "array" => "is not a list",
        _ => "is not an object",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, ToSchema)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Sample {
        #[schema(min_length = 1)]
        a: String,
        b: Uuid,
        c: Option<Uuid>,
        #[schema(min_length = 1)]
        d: Option<String>,
        e: Option<Inner>,
        f: Option<Vec<Inner>>,
        #[schema(value_type = Option<i64>)]
        g: Option<Value>,
        #[schema(format = DateTime)]
        h: Option<String>,
        i: Option<Either>,
        j: Option<bool>,
        k: Option<f64>,
    }

    #[derive(Deserialize, ToSchema)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Inner {
        id: Uuid,
    }

    #[derive(Deserialize, ToSchema)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    enum Either {
        Text(String),
        Number(f64),
    }

    fn told(changes: Value) -> Vec<String> {
        let mut body = json!({ "a": "x", "b": "11111111-2222-3333-4444-555555555555" });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let refused = shaped::<Sample>(body.as_object().unwrap().clone()).err();
        let problems = refused.into_iter().flat_map(|refusal| refusal.errors);
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn what_has_the_shape_is_taken() {
        let id = "11111111-2222-3333-4444-555555555555";
        for good in [
            json!({ "c": null, "more": [1] }),
            json!({ "e": { "id": id }, "f": [{ "id": id }], "g": 1e3, "j": true, "k": 1 }),
            json!({ "h": "2025-09-01T15:42:12.820469+02:00", "i": 7, "e": null, "f": [] }),
            json!({ "i": "seven", "g": -3 }),
        ] {
            assert!(told(good.clone()).is_empty(), "{good}");
        }
    }

    #[test]
    fn each_faulty_field_is_named_once() {
        let faulty = json!({
            "a": null, "b": 7, "c": "11111111222233334444555555555555", "d": "",
        });
        assert_eq!(
            told(faulty),
            [
                "`a` is required.",
                "`b` is not a string.",
                "`c` is not a uuid.",
                "`d` is empty.",
            ]
        );
    }

    #[test]
    fn what_is_within_is_named_by_its_path() {
        for (changes, message) in [
            (json!({ "e": {} }), "`e.id` is required."),
            (json!({ "e": [] }), "`e` is not an object."),
            (json!({ "f": {} }), "`f` is not a list."),
            (json!({ "f": [{ "id": "x" }] }), "`f[0].id` is not a uuid."),
            (json!({ "g": 1.5 }), "`g` is not a whole number."),
            (json!({ "g": 1e30 }), "`g` is too large a number."),
            (
                json!({ "g": 9_223_372_036_854_775_808_u64 }),
                "`g` is too large a number.",
            ),
            (json!({ "h": "tomorrow" }), "`h` is not a time in ISO 8601."),
            (
                json!({ "i": [] }),
                "`i` is of none of the types it may have.",
            ),
            (json!({ "j": "true" }), "`j` is not a boolean."),
            (json!({ "k": "1" }), "`k` is not a number."),
        ] {
            assert_eq!(told(changes.clone()), [message], "{changes}");
        }
    }
}
