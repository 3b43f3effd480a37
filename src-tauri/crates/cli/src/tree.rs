//! What the vendor answered, for a person or for a program.

use std::{iter::Peekable, slice::Iter};

use serde_json::Value;
use tokendesk_core::{
    AppError, Code,
    json::{NodeKind, Tree, TreeNode, pretty},
};

use crate::output::{note, plain, say};

/// Prints a tree as indented lines, or as the JSON object it was read from.
///
/// # Errors
/// As JSON it would not be whole.
pub(crate) fn show(tree: &Tree, json: bool) -> Result<(), AppError> {
    if json {
        if tree.truncated {
            return Err(AppError::new(
                Code::MalformedAnswer,
                "Too large to print",
                "The answer is larger than is read here, and would be cut.",
                "Without --json it is shown as far as it goes.",
            ));
        }
        say(pretty(&object(tree)));
        return Ok(());
    }
    for node in &tree.nodes {
        let indent = "  ".repeat(usize::try_from(node.depth).unwrap_or_default());
        say(format_args!(
            "{indent}{}: {}",
            plain(&node.name),
            plain(&node.text)
        ));
    }
    if tree.truncated {
        note("There is more of it than is shown.");
    }
    Ok(())
}

/// The object a tree was read from; its numbers stay as they were written.
fn object(tree: &Tree) -> String {
    format!("{{{}}}", inside(&mut tree.nodes.iter().peekable(), 0, true))
}

fn inside(nodes: &mut Peekable<Iter<'_, TreeNode>>, depth: u32, named: bool) -> String {
    let mut parts = Vec::new();
    while let Some(node) = nodes.next_if(|node| node.depth == depth) {
        let value = match node.kind {
            NodeKind::Object => format!("{{{}}}", inside(nodes, depth + 1, true)),
            NodeKind::Array => format!("[{}]", inside(nodes, depth + 1, false)),
            NodeKind::String => Value::from(node.text.as_str()).to_string(),
            NodeKind::Number | NodeKind::Boolean | NodeKind::Null => node.text.clone(),
        };
        parts.push(if named {
            format!("{}:{value}", Value::from(node.name.as_str()))
        } else {
            value
        });
    }
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_json_it_was_read_from() {
        for text in [
            "{}",
            r#"{"z":12345678901234567890.10,"a":{"l":[true,null,"x\n\"",[],{}]},"e":{},"n":-1e400}"#,
        ] {
            assert_eq!(object(&Tree::read(text).unwrap()), text);
        }
    }

    #[test]
    fn a_tree_that_was_cut_is_no_json() {
        let text = format!(r#"{{"long":"{}"}}"#, "x".repeat(5000));
        assert!(show(&Tree::read(&text).unwrap(), true).is_err());
    }
}
