//! What the stand-in widget calls, all of it invented: `POST /simulator/widget/exchange` takes
//! its token for a session, once, `POST /simulator/widget/open` a link, and
//! `POST /simulator/widget/finish` ends that session and moves its run on.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, options},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    answers::{self, Refusal, Refuses},
    incoming::{Body, read},
    shared::{Shared, WidgetToken, lock, now_ms},
    workflows::Status,
};

/// How long an opened widget may take.
const SESSION_MS: u64 = 3600 * 1000;
/// A page of a foreign origin could send another type without asking first.
const WRONG_TYPE: StatusCode = StatusCode::UNSUPPORTED_MEDIA_TYPE;

/// The widget's endpoints, which a page of any loopback origin may call.
pub(crate) fn routes() -> OpenApiRouter<Arc<Shared>> {
    let asks_first: MethodRouter<Arc<Shared>> = options(preflight);
    OpenApiRouter::new()
        .routes(routes!(exchange))
        .routes(routes!(open))
        .routes(routes!(finish))
        .route("/simulator/widget/exchange", asks_first.clone())
        .route("/simulator/widget/open", asks_first.clone())
        .route("/simulator/widget/finish", asks_first)
        .route_layer(middleware::from_fn(cross_origin))
}

/// What is exchanged.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ExchangeRequest {
    /// A widget token.
    #[schema(min_length = 1)]
    token: String,
}

/// What is opened.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OpenRequest {
    /// The last part of a link.
    #[schema(example = "0df7e442-720c-4afb-8fed-c2664d6cb803")]
    link: Uuid,
}

/// What is finished.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FinishRequest {
    /// The session.
    #[schema(min_length = 1)]
    session: String,
}

/// What the widget shows.
#[derive(Serialize, ToSchema)]
pub(crate) struct WidgetSession {
    /// To finish with.
    session: String,
    /// The name of the workflow definition.
    workflow: &'static str,
    /// The language asked for.
    lang: Option<String>,
}

/// Where the run of the session stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct WidgetFinished {
    status: Status,
}

/// Uses a widget token up for a session.
#[utoipa::path(
    post, path = "/simulator/widget/exchange", tag = "invented", security(()),
    operation_id = "exchange-token",
    request_body = ExchangeRequest,
    responses(
        (status = 201, description = "The widget is open", body = WidgetSession),
        Refuses<400>, Refuses<401>, Refuses<409>, Refuses<410>, Refuses<413>, Refuses<415>,
    ),
)]
pub(crate) async fn exchange(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let request: ExchangeRequest = read(&headers, body, false, WRONG_TYPE)?;
    let now_ms = now_ms();
    let token = shared.use_up(&request.token, now_ms).await?;
    Ok(shared.session(token, now_ms))
}

/// Uses a link up for a session.
#[utoipa::path(
    post, path = "/simulator/widget/open", tag = "invented", security(()),
    operation_id = "open-link",
    request_body = OpenRequest,
    responses(
        (status = 201, description = "The widget is open", body = WidgetSession),
        Refuses<400>, Refuses<404>, Refuses<410>, Refuses<413>, Refuses<415>,
    ),
)]
pub(crate) async fn open(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let request: OpenRequest = read(&headers, body, false, WRONG_TYPE)?;
    let now_ms = now_ms();
    let opened = lock(&shared.links).use_up(request.link, now_ms)?;
    Ok(shared.session(opened, now_ms))
}

/// Ends a session: the end user is done.
#[utoipa::path(
    post, path = "/simulator/widget/finish", tag = "invented", security(()),
    operation_id = "finish-widget",
    request_body = FinishRequest,
    responses(
        (status = 200, description = "The end user is done", body = WidgetFinished),
        Refuses<400>, Refuses<401>, Refuses<410>, Refuses<413>, Refuses<415>,
    ),
)]
pub(crate) async fn finish(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<WidgetFinished>, Refusal> {
    let request: FinishRequest = read(&headers, body, false, WRONG_TYPE)?;
    let session = lock(&shared.sessions).take(&request.session, now_ms());
    let status = match session {
        Some(Some(run)) => shared.end_user_is_done(run)?,
        // Behind a token of `POST /token` there is no run to be read.
        Some(None) => Status::Completed,
        None => {
            return Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "simulator.unknown_session",
                "The session is unknown, finished or has expired.",
            ));
        }
    };
    Ok(Json(WidgetFinished { status }))
}

impl Shared {
    fn session(&self, opened: WidgetToken, now_ms: u64) -> Response {
        let session = Uuid::new_v4().simple().to_string();
        let ends_at_ms = now_ms.saturating_add(SESSION_MS);
        lock(&self.sessions).put(&session, opened.run, ends_at_ms, now_ms);
        let answer = WidgetSession {
            session,
            workflow: opened.workflow,
            lang: opened.lang,
        };
        answers::secret(StatusCode::CREATED, answer)
    }

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
