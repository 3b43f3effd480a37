//! What a refusal says, in whatever form it says it.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{
    clean, clean_id,
    hiding::hidden,
    page::{self, words},
    reasons::{MOST_PROBLEMS, Reason, json, reasons},
};
use crate::error::{AnswerForm, Problem};

/// A refusal, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) form: AnswerForm,
    /// The title of a web page.
    pub(crate) title: Option<String>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a refusal. Secrets that it repeats are hidden.
pub(crate) fn refusal(
    body: &[u8],
    content_type: Option<&str>,
    secrets: &[SecretString],
) -> Refusal {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let mut read = Refusal {
        form: AnswerForm::Empty,
        title: None,
        fingerprint: None,
        problems: Vec::new(),
    };
    if text.is_empty() {
        return read;
    }
    let found;
    if let Some(json) = json(text) {
        read.form = AnswerForm::Json;
        if let Value::Object(object) = &json {
            let print = object.get("fingerprint").and_then(Value::as_str);
            read.fingerprint = print
                .filter(|print| !print.trim().is_empty())
                .map(|print| clean_id(&hidden(print, secrets)));
            if is_documented(object, read.fingerprint.is_some()) {
                read.form = AnswerForm::Documented;
            }
        }
        found = reasons(&json);
    } else if page::is_page(text, content_type) {
        read.form = AnswerForm::Page;
        read.title = page::title(text).map(|title| clean(&hidden(&title, secrets)));
        found = vec![Reason::text(words(text))];
    } else {
        read.form = AnswerForm::Text;
        let said = if text.starts_with('<') {
            words(text)
        } else {
            text.to_owned()
        };
        found = vec![Reason::text(said)];
    }
    // A bare code says less than any message.
    let told = found.iter().any(|found| !found.message.trim().is_empty());
    read.problems = found
        .into_iter()
        .filter(|found| !(found.is_nothing() || told && found.message.trim().is_empty()))
        .take(MOST_PROBLEMS)
        .map(|found| Problem {
            code: clean_id(&hidden(&found.code, secrets)),
            message: clean(hidden(&found.message, secrets).trim()),
        })
        .collect();
    read.problems.dedup();
    read
}

/// The documented form has a fingerprint, and errors with a code and a message each.
fn is_documented(object: &Map<String, Value>, has_fingerprint: bool) -> bool {
    let Some(Value::Array(errors)) = object.get("errors") else {
        return has_fingerprint;
    };
    let whole = |error: &Value| error.get("code").is_some() && error.get("message").is_some();
    has_fingerprint || (!errors.is_empty() && errors.iter().all(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Refusal {
        refusal(body.as_bytes(), None, &[])
    }

    fn reasons(body: &str) -> Vec<String> {
        let problems = read(body).problems.into_iter();
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn the_documented_form_is_read() {
        let body = r#"{"fingerprint":"f\u202e","errors":[{"code":4041,"message":"m\u001b[1m"}]}"#;
        let read = read(body);
        assert_eq!(read.form, AnswerForm::Documented);
        assert_eq!(read.fingerprint.as_deref(), Some("f"));
        assert_eq!(read.problems[0].message, "m [1m");
        assert_eq!(read.problems[0].code, "4041");
    }

    #[test]
    fn a_reason_is_found_in_whatever_form_it_came() {
        for (body, expected) in [
            (r#"{"errors":["a","b"]}"#, &["a", "b"][..]),
            (r#"{"errors":"a"}"#, &["errors: a"]),
            (r#"["a"]"#, &["a"]),
            (r#""a""#, &["a"]),
            (
                r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"a"}"#,
                &["a"],
            ),
            (r#"{"title":"a","status":400}"#, &["a"]),
            (
                r#"{"timestamp":"t","status":400,"error":"Bad Request","message":"b","path":"/token",
                    "errors":[{"field":"lang","defaultMessage":"a","code":"NotNull"}]}"#,
                &["lang: a", "b"],
            ),
            (
                r#"{"title":"t","errors":{"recordId":["a","b"]}}"#,
                &["recordId: a", "recordId: b"],
            ),
            (r#"{"error":{"code":7,"message":"a"}}"#, &["a"]),
            (
                r#"{"error":"invalid_client","error_description":"a"}"#,
                &["a"],
            ),
            (r#"{"error":"a"}"#, &["a"]),
            (r#"{"Message":"a"}"#, &["a"]),
            (
                r#"{"fault":{"faultstring":"a","detail":{"errorcode":"o"}}}"#,
                &["a"],
            ),
            (
                r#"{"body":"{\"message\":\"a\"}"}"#,
                &["body: {\"message\":\"a\"}"],
            ),
            (r#"{"message":"{\"message\":\"a\"}"}"#, &["a"]),
            (r#"{"data":{"result":{"message":"a"}}}"#, &["a"]),
            (
                r#"{"violations":[{"propertyName":"lang","message":"a"}]}"#,
                &["lang: a"],
            ),
            (r#"{"odd":{"why":"a","timestamp":"t"}}"#, &["why: a"]),
            ("a\nb", &["a b"]),
            (
                "<Error><Code>AccessDenied</Code><Message>a</Message></Error>",
                &["AccessDenied a"],
            ),
        ] {
            assert_eq!(reasons(body), expected, "{body}");
            assert_ne!(read(body).form, AnswerForm::Documented, "{body}");
        }
        assert_eq!(read(r#"{"error":{"code":7}}"#).problems[0].code, "7");
        for nothing in [
            "",
            " ",
            "{}",
            "[]",
            "null",
            r#"{"errors":[]}"#,
            r#"{"message":""}"#,
        ] {
            assert_eq!(reasons(nothing), [""; 0], "{nothing}");
        }
    }

    #[test]
    fn a_refusal_that_is_too_deep_still_has_its_reason() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        let body = format!(r#"{{"fingerprint":"f","more":{deep},"errors":[{{"message":"a"}}]}}"#);
        assert_eq!(reasons(&body), ["a"]);
        assert_eq!(reasons(&deep).len(), 1, "it is a text then");
    }

    #[test]
    fn a_page_is_told_apart() {
        let page = refusal(
            b"<html><head><title>403 Forbidden</title></head><body>Ray ID: s3cret1</body></html>",
            Some("text/html"),
            &["s3cret1".into()],
        );
        assert_eq!(page.form, AnswerForm::Page);
        assert_eq!(page.title.as_deref(), Some("403 Forbidden"));
        assert_eq!(page.problems[0].message, "Ray ID: (hidden)");
    }
}
