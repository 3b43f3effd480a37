//! What the stand-in widget calls, all of it invented: `POST /simulator/widget/exchange` takes
//! its token for a session, once, and `POST /simulator/widget/finish` ends that session.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    answers::{self, Refusal},
    incoming::{Fields, object, says_json},
    shared::{Shared, WidgetToken, lock, now_ms},
};

/// How long an opened widget may take.
const SESSION_MS: u64 = 3600 * 1000;

/// The widget's endpoints, which a page of any loopback origin may call.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/simulator/widget/exchange",
            post(exchange).options(preflight),
        )
        .route("/simulator/widget/finish", post(finish).options(preflight))
        .route_layer(middleware::from_fn(cross_origin))
}

async fn exchange(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let token = text(&headers, body, "token")?;
    let now_ms = now_ms();
    let token = shared.use_up(&token, now_ms).await?;
    let session = Uuid::new_v4().simple().to_string();
    let ends_at = now_ms.saturating_add(SESSION_MS);
    lock(&shared.sessions).put(&session, (), ends_at, now_ms);
    Ok(answers::secret(
        StatusCode::CREATED,
        json!({ "session": session, "workflow": token.workflow, "lang": token.lang }),
    ))
}

async fn finish(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let session = text(&headers, body, "session")?;
    match lock(&shared.sessions).take(&session, now_ms()) {
        Some(()) => Ok(Json(json!({ "status": "COMPLETED" })).into_response()),
        None => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "simulator.unknown_session",
            "The session is unknown, finished or has expired.",
        )),
    }
}

impl Shared {
    /// Uses a widget token up: it has to be one of ours, in time and unused.
    async fn use_up(&self, token: &str, now_ms: u64) -> Result<WidgetToken, Refusal> {
        let refusal = |status, code, message| Err(Refusal::new(status, code, message));
        let Some(claims) = self.widget_key.read(token).await else {
            return refusal(
                StatusCode::UNAUTHORIZED,
                "simulator.token_unknown",
                "The token is none of this simulator's.",
            );
        };
        if claims.exp.saturating_mul(1000) <= now_ms {
            return refusal(
                StatusCode::GONE,
                "simulator.token_expired",
                "The token has expired.",
            );
        }
        let mut tokens = lock(&self.widget_tokens);
        match tokens.get(token, now_ms) {
            Some(known) if known.used => refusal(
                StatusCode::CONFLICT,
                "simulator.token_used",
                "The token was used before; each opens the widget once.",
            ),
            Some(known) => {
                known.used = true;
                Ok(known.clone())
            }
            // Signed by us but forgotten, since very many were given out after it.
            None => refusal(
                StatusCode::UNAUTHORIZED,
                "simulator.token_unknown",
                "The token is not known any more.",
            ),
        }
    }
}

fn text(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    name: &'static str,
) -> Result<String, Refusal> {
    // A page of a foreign origin could send another type without asking first.
    if !says_json(headers, false) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "simulator.wrong_content_type",
            "`Content-Type` is not application/json.",
        ));
    }
    let mut fields = Fields::new(object(body)?);
    let text = fields.required(name);
    fields.check()?;
    Ok(text)
}

async fn preflight() -> Response {
    (
        StatusCode::NO_CONTENT,
        [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ],
    )
        .into_response()
}

/// Lets pages of loopback origins read the answers. Nothing here goes by cookies.
async fn cross_origin(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(is_near) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// Whether an origin is on this computer, or a page opened from a file, whose origin is `null`.
fn is_near(origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host_is_near = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
    };
    origin == "null" || origin.parse::<Uri>().is_ok_and(|uri| host_is_near(&uri))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_of_this_computer_are_near() {
        for (origin, near) in [
            ("http://localhost:43127", true),
            ("http://127.0.0.1:8100", true),
            ("http://[::1]:8100", true),
            ("https://localhost", true),
            ("null", true),
            ("http://localhost.example.org", false),
            ("http://example.org", false),
            ("http://localhost@example.org", false),
            ("ftp://localhost", false),
            ("localhost", false),
            ("", false),
        ] {
            let value = HeaderValue::from_static(origin);
            assert_eq!(is_near(&value), near, "{origin}");
        }
    }
}
