//! Web pages that come in place of an answer: of a firewall, a proxy, a wrong host.

/// How much of a page's text is told.
const SHOWN: usize = 240;
/// How far into a body its first element is looked for.
const HEAD: usize = 1024;
/// How much of a page is read at all.
const READ: usize = 64 * 1024;
/// Elements whose text is not for reading.
const UNREAD: [&str; 5] = ["script", "style", "title", "svg", "noscript"];

/// Whether a text that is no JSON is a web page.
pub(super) fn is_page(text: &str, content_type: Option<&str>) -> bool {
    let said = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let head: String = text
        .chars()
        .take(HEAD)
        .collect::<String>()
        .to_ascii_lowercase();
    let begins = [
        "<html",
        "<!doctype html",
        "<head",
        "<body",
        "<title",
        "<center",
        "<h1",
    ];
    begins.iter().any(|element| head.contains(element)) || (said && head.contains('<'))
}

/// The title of a page.
pub(super) fn title(text: &str) -> Option<String> {
    let text = beginning(text);
    let lower = text.to_ascii_lowercase();
    let element = lower.find("<title")?;
    let from = element + lower.get(element..)?.find('>')? + 1;
    let end = from + lower.get(from..)?.find('<')?;
    let title = one_line(&unescaped(text.get(from..end)?));
    (!title.is_empty()).then_some(title)
}

/// The text of a page, in a line, without its elements.
pub(super) fn words(text: &str) -> String {
    let (mut words, mut rest) = (String::new(), beginning(text));
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        words.push(' ');
        let element = &rest[open..];
        rest = match unread(element) {
            Some(after) => after,
            None => after(
                element,
                if element.starts_with("<!--") {
                    "-->"
                } else {
                    ">"
                },
            ),
        };
    }
    words.push_str(rest);
    let line = one_line(&unescaped(&words));
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}\u{2026}", &line[..at]),
        None => line,
    }
}

/// What stands after an element whose text is not for reading.
fn unread(element: &str) -> Option<&str> {
    let name = UNREAD.into_iter().find(|name| {
        let begins = element.get(1..=name.len());
        let ends = element.as_bytes().get(name.len() + 1);
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(name))
            && ends.is_some_and(|byte| !byte.is_ascii_alphanumeric())
    })?;
    let end = element.to_ascii_lowercase().find(&format!("</{name}"));
    Some(end.map_or("", |end| after(&element[end..], ">")))
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.find(mark).map_or("", |at| &text[at + mark.len()..])
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(text: &str) -> String {
    let named = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&bull;", "\u{2022}"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, sign)| {
        text.replace(name, sign)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_told_by_its_title_and_its_words() {
        let page = "<!DOCTYPE html><html><head><TITLE>Attention &amp; \n Required! | Cloudflare</TITLE>\
            <style>p {color: red}</style><script>if (1 < 2) alert()</script></head><body>\
            <!-- <p>no --><p>Sorry, you&nbsp;have been <b>blocked</b>.</p> Ray ID: 9e81</body></html>";
        assert!(is_page(page, None));
        assert_eq!(title(page).unwrap(), "Attention & Required! | Cloudflare");
        assert_eq!(words(page), "Sorry, you have been blocked . Ray ID: 9e81");
        assert!(is_page("<b>x</b>", Some("text/HTML; charset=utf-8")));
        assert!(!is_page(
            "<Error><Code>AccessDenied</Code></Error>",
            Some("application/xml")
        ));
        assert!(!is_page("no html", Some("text/html")));
        assert_eq!(title("<title></title>"), None);
        assert_eq!(words(&"ż".repeat(1000)).chars().count(), SHOWN + 1);
    }

    proptest! {
        #[test]
        fn no_page_makes_the_reader_fail(
            text in "(<|>|</|title|script|style|<!--|-->|&amp;|ż|İ|\\PC){0,40}",
        ) {
            let _ = (is_page(&text, Some("text/html")), title(&text), words(&text));
        }
    }
}
