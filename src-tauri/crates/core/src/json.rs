//! JSON as a person wrote it or the vendor answered it: its order and its numbers stay as they are.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use ts_rs::TS;

use crate::{
    error::{AppError, Field},
    files::without_mark,
};

/// How many nodes of a tree are shown at most.
const MOST_NODES: usize = 5000;
/// How deep a tree is shown, and how deep JSON is laid out: what is deeper is no answer to a
/// person's question.
const DEEPEST: u32 = 64;
/// The longest text of a node, in characters.
const LONGEST_TEXT: usize = 4000;

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "JSON's own names")]
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

/// One value in a tree.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TreeNode {
    /// 0 for what stands directly in the whole.
    pub depth: u32,
    /// Its key, or its place in a list.
    pub name: String,
    /// Its type.
    pub kind: NodeKind,
    /// The value; for an object or a list how much is in it.
    pub text: String,
    /// How many values stand directly in it.
    pub children: u32,
}

/// A JSON value to be read by a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tree {
    /// Its values, each before what stands in it.
    pub nodes: Vec<TreeNode>,
    /// Whether more is there than is shown.
    pub truncated: bool,
    /// The length of the JSON in bytes.
    pub bytes: u32,
}

crate::hidden_debug!(TreeNode, Tree);

impl Tree {
    /// The tree of a JSON text; `None` for what is no JSON.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let whole: &RawValue = serde_json::from_str(text).ok()?;
        let mut tree = Self {
            nodes: Vec::new(),
            truncated: false,
            bytes: u32::try_from(text.len()).unwrap_or(u32::MAX),
        };
        match children(whole) {
            Some(inside) => tree.add_all(&inside, 0),
            None => tree.add("", whole, 0),
        }
        Some(tree)
    }

    fn add_all(&mut self, inside: &Inside<'_>, depth: u32) {
        self.truncated |= inside.count > inside.values.len();
        for (name, value) in &inside.values {
            if self.nodes.len() >= MOST_NODES || depth > DEEPEST {
                self.truncated = true;
                return;
            }
            self.add(name, value, depth);
        }
    }

    fn add(&mut self, name: &str, value: &RawValue, depth: u32) {
        let kind = kind(value);
        let inside = children(value).unwrap_or_default();
        let count = inside.count;
        let text = match kind {
            NodeKind::Object => counted(count, "field", "fields"),
            NodeKind::Array => counted(count, "item", "items"),
            NodeKind::String => serde_json::from_str(value.get()).unwrap_or_default(),
            NodeKind::Number | NodeKind::Boolean | NodeKind::Null => value.get().to_owned(),
        };
        self.truncated |= text.chars().count() > LONGEST_TEXT;
        self.nodes.push(TreeNode {
            depth,
            name: name.to_owned(),
            kind,
            text: text.chars().take(LONGEST_TEXT).collect(),
            children: u32::try_from(count).unwrap_or(u32::MAX),
        });
        self.add_all(&inside, depth + 1);
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The fields of a JSON object in their order, also those of equal names; `None` for what is none.
pub(crate) fn fields(text: &str) -> Option<Vec<(String, &RawValue)>> {
    let whole: &RawValue = serde_json::from_str(text).ok()?;
    if kind(whole) != NodeKind::Object {
        return None;
    }
    children(whole).map(|inside| inside.values)
}

/// The type of a JSON value.
pub(crate) fn kind(value: &RawValue) -> NodeKind {
    match value.get().bytes().next() {
        Some(b'{') => NodeKind::Object,
        Some(b'[') => NodeKind::Array,
        Some(b'"') => NodeKind::String,
        Some(b't' | b'f') => NodeKind::Boolean,
        Some(b'n') => NodeKind::Null,
        _ => NodeKind::Number,
    }
}

/// What stands directly in an object or a list, in its order; `None` for other values.
fn children(value: &RawValue) -> Option<Inside<'_>> {
    match kind(value) {
        NodeKind::Object | NodeKind::Array => serde_json::from_str(value.get()).ok(),
        _ => None,
    }
}

/// An object's fields or a list's items; unlike a map it keeps their order. Beyond what is shown
/// they are only counted.
#[derive(Default)]
struct Inside<'a> {
    values: Vec<(String, &'a RawValue)>,
    count: usize,
}

impl<'a> Inside<'a> {
    fn add(&mut self, name: String, value: &'a RawValue) {
        self.count += 1;
        if self.values.len() < MOST_NODES {
            self.values.push((name, value));
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Inside<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Inside<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Inside::default();
                while let Some((name, value)) = map.next_entry()? {
                    all.add(name, value);
                }
                Ok(all)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut all = Inside::default();
                while let Some(item) = list.next_element()? {
                    all.add(all.count.to_string(), item);
                }
                Ok(all)
            }
        }
        from.deserialize_any(Reader)
    }
}

/// Checks that a text is one JSON object without a key that stands there twice; empty is `{}`.
///
/// # Errors
/// It is none; the detail says where.
pub(crate) fn object(text: &str, field: Field) -> Result<String, AppError> {
    let text = without_mark(text).trim();
    if text.is_empty() {
        return Ok("{}".to_owned());
    }
    let wrong = |detail: String| Err(AppError::invalid(field, "Not a JSON object", detail));
    let whole: &RawValue = match serde_json::from_str(text) {
        Ok(whole) => whole,
        Err(error) => return wrong(format!("{error}.")),
    };
    if kind(whole) != NodeKind::Object {
        return wrong("A JSON object starts with { and holds keys with values.".to_owned());
    }
    let inside = children(whole).unwrap_or_default();
    if inside.count > inside.values.len() {
        return wrong(format!("It has more than {MOST_NODES} keys."));
    }
    let mut keys: Vec<&String> = inside.values.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return wrong(format!("The key \"{}\" stands there twice.", twice[0]));
    }
    Ok(whole.get().to_owned())
}

/// The same JSON laid out for reading; a text that is no JSON, or is nested too deep to be read,
/// stays as it is.
#[must_use]
pub fn pretty(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let Ok(whole) = serde_json::from_str::<&RawValue>(text) else {
        return text.to_owned();
    };
    let mut characters = whole.get().chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = characters.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while characters.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(end) = characters.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    if depth > DEEPEST as usize {
                        return text.to_owned();
                    }
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tree_keeps_order_and_numbers() {
        let tree = Tree::read(r#"{"z":12345678901234567890.10,"a":{"list":[true,null,"x"]}}"#);
        let tree = tree.unwrap();
        let lines: Vec<_> = tree
            .nodes
            .iter()
            .map(|node| format!("{} {} = {}", node.depth, node.name, node.text))
            .collect();
        assert_eq!(
            lines,
            [
                "0 z = 12345678901234567890.10",
                "0 a = 1 field",
                "1 list = 3 items",
                "2 0 = true",
                "2 1 = null",
                "2 2 = x",
            ]
        );
        assert!(!tree.truncated);
    }

    #[test]
    fn a_very_large_tree_is_cut() {
        let text = format!("[{}0]", "0,".repeat(20_000));
        let tree = Tree::read(&text).unwrap();
        assert!(tree.truncated);
        assert_eq!(tree.nodes.len(), MOST_NODES);
    }

    #[test]
    fn what_is_nested_very_deep_is_cut_and_not_laid_out() {
        let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Tree::read(&text).unwrap().truncated);
        assert_eq!(pretty(&text), text);
    }

    #[test]
    fn only_an_object_is_one_and_it_stays_as_it_is_written() {
        let object = |text: &str| object(text, Field::Parameters);
        assert_eq!(object("").unwrap(), "{}");
        let exact = r#"{"b":1e400, "a":1.10}"#;
        assert_eq!(object(exact).unwrap(), exact);
        assert_eq!(object(&format!("\u{feff}{exact}")).unwrap(), exact);
        for wrong in ["[]", "1", "{", "{\"a\":}", "{\"a\":1,\"a\":2}", "{} {}"] {
            let error = object(wrong).unwrap_err();
            assert_eq!(error.field, Some(Field::Parameters), "{wrong}");
        }
        let error = object("{\n  \"a\": x}").unwrap_err();
        assert!(error.detail.contains("line 2"), "{error}");
    }

    #[test]
    fn pretty_is_the_same_json() {
        let text = r#"{"a":[1,{"b":"x\",{}\\"},[],{}],"n":1.0}"#;
        let shown = pretty(text);
        assert!(shown.contains("\n  \"n\": 1.0\n}"), "{shown}");
        let (one, other): (serde_json::Value, serde_json::Value) = (
            serde_json::from_str(text).unwrap(),
            serde_json::from_str(&shown).unwrap(),
        );
        assert_eq!(one, other);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,200}") {
            let _ = Tree::read(&text);
            let _ = object(&text, Field::Parameters).is_ok();
            let _ = pretty(&text);
        }
    }
}
