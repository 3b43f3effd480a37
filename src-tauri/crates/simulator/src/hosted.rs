//! What a browser loads: the stand-in widget's script and the hosted page, which takes `?token=`
//! or stands at the address of a link.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{Method, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};

use crate::{
    answers::no_endpoint,
    shape::uuid,
    shared::{Shared, lock, now_ms},
};

/// The widget: one script of several readable files.
const WIDGET: &str = concat!(
    "\"use strict\";\n(() => {\nconst styleText = `",
    include_str!("widget/style.css"),
    include_str!("widget/controls.css"),
    "`;\n",
    include_str!("widget/texts.js"),
    include_str!("widget/build.js"),
    include_str!("widget/session.js"),
    include_str!("widget/steps.js"),
    include_str!("widget/element.js"),
    include_str!("widget/global.js"),
    "})();\n"
);

/// The policy of the hosted page. The preview may frame it, from its own loopback port.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self' http://localhost:* http://127.0.0.1:*";

/// The pages and scripts.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    let script = "text/javascript; charset=utf-8";
    Router::new()
        .route("/", get(page))
        // Any method, so that what is no link is no endpoint either.
        .route("/{link}", any(link_page))
        .route(
            "/transactionlink-widget.umd.js",
            get(move || async move { file(script, WIDGET) }),
        )
        .route(
            "/simulator/hosted.js",
            get(move || async move { file(script, include_str!("widget/hosted.js")) }),
        )
        .route(
            "/simulator/hosted.css",
            get(|| async { file("text/css; charset=utf-8", include_str!("widget/hosted.css")) }),
        )
}

/// The page is the same with every token: its script reads the token from the address and takes
/// it out of there.
async fn page() -> Response {
    let mut response = file(
        "text/html; charset=utf-8",
        include_str!("widget/hosted.html"),
    );
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(POLICY),
    );
    response
}

/// The page of a link is the same too; its status says whether the link still opens anything, and
/// its script what it is to the person.
async fn link_page(
    method: Method,
    State(shared): State<Arc<Shared>>,
    link: Result<Path<String>, PathRejection>,
) -> Response {
    let id = link.ok().and_then(|Path(link)| uuid(&link));
    let Some(id) = id.filter(|_| matches!(method, Method::GET | Method::HEAD)) else {
        return no_endpoint().into_response();
    };
    let status = lock(&shared.links).status(id, now_ms());
    let mut response = page().await;
    *response.status_mut() = status;
    response
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        text,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    /// The style sheets stand in a template literal of the script.
    #[test]
    fn no_style_sheet_can_leave_its_literal() {
        for style in [
            include_str!("widget/style.css"),
            include_str!("widget/controls.css"),
        ] {
            assert!(!style.contains(['`', '\\']) && !style.contains("${"));
        }
    }
}
