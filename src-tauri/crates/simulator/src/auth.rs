//! `POST /auth/authorize` and `POST /auth/refresh`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answers::{self, Refusal, Refuses},
    incoming::{Body, read},
    shared::{Shared, WORKSPACE_ID, lock, now_ms, same},
};

/// 90 days, as in the vendor's sample of a refresh token.
const REFRESH_TOKEN_MS: u64 = 90 * 24 * 3600 * 1000;

/// Documented for these two endpoints alone.
const WRONG_TYPE: StatusCode = StatusCode::UNSUPPORTED_MEDIA_TYPE;

/// What is authorised with (documented).
#[derive(Deserialize, ToSchema)]
pub(crate) struct WorkspaceCredentialsRequest {
    /// The API key.
    #[schema(min_length = 1, example = "simulator-key")]
    key: String,
    /// The secret that belongs to it.
    #[schema(min_length = 1, example = "simulator-secret")]
    secret: String,
}

/// What is refreshed with (documented).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefreshRequest {
    /// A refresh token that was not used yet.
    #[schema(min_length = 1)]
    refresh_token: String,
}

/// The answer of both endpoints (seen).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthenticationResponse {
    /// To be sent after `Bearer`.
    #[schema(example = "eyJhbGciOiJIUzUxMiJ9.e30.c2lnbmF0dXJl")]
    #[schema(pattern = "^[!-~]+$")]
    access_token: String,
    /// For another access token, once.
    #[schema(example = "eyJhbGciOiJIUzUxMiJ9.e30.c2lnbmF0dXJl")]
    #[schema(pattern = "^[!-~]+$")]
    refresh_token: String,
    /// How long the access token lives, in seconds.
    #[schema(example = 3600)]
    expiry_duration: u32,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
}

/// The claims of the vendor's sample, and an id so that no two tokens are the same.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessClaims {
    workspace_id: &'static str,
    jti: Uuid,
    iat: u64,
    exp: u64,
}

/// The claims of the vendor's sample: `sub` has 32 characters.
#[derive(Serialize)]
struct RefreshClaims {
    sub: String,
    iat: u64,
    exp: u64,
}

/// Gives an access token for key and secret.
#[utoipa::path(
    post, path = "/auth/authorize", tag = "auth", security(()),
    operation_id = "auth-authorize",
    request_body = WorkspaceCredentialsRequest,
    responses(
        (status = 200, description = "An access token", body = AuthenticationResponse),
        Refuses<400>, Refuses<401>, Refuses<413>, Refuses<415>, Refuses<500>,
    ),
)]
pub(crate) async fn authorize(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let lenient = shared.options.lenient;
    let WorkspaceCredentialsRequest { key, secret } = read(&headers, body, lenient, WRONG_TYPE)?;
    let accounts = &shared.options.accounts;
    if !(same(&key, &accounts.key) & same(&secret, &accounts.secret)) {
        let status = if shared.options.wrong_credentials_are_bad_requests {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::UNAUTHORIZED
        };
        return Err(Refusal::new(
            status,
            "simulator.wrong_credentials",
            "Key or secret is wrong.",
        ));
    }
    grant(&shared, now_ms())
}

/// Gives a new pair for a refresh token, which is used up.
#[utoipa::path(
    post, path = "/auth/refresh", tag = "auth", security(()),
    operation_id = "auth-refresh",
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "A new access token", body = AuthenticationResponse),
        Refuses<400>, Refuses<401>, Refuses<413>, Refuses<415>, Refuses<500>,
    ),
)]
pub(crate) async fn refresh(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let lenient = shared.options.lenient;
    let RefreshRequest { refresh_token } = read(&headers, body, lenient, WRONG_TYPE)?;
    let now_ms = now_ms();
    let known = lock(&shared.refresh_tokens).take(&refresh_token, now_ms);
    if known.is_none() {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "simulator.wrong_refresh_token",
            "The refresh token is unknown, used up or has expired.",
        ));
    }
    grant(&shared, now_ms)
}

fn grant(shared: &Shared, now_ms: u64) -> Result<Response, Refusal> {
    let seconds = shared.options.access_token_seconds;
    let access_ends = now_ms.saturating_add(u64::from(seconds) * 1000);
    let refresh_ends = now_ms.saturating_add(REFRESH_TOKEN_MS);
    let iat = now_ms / 1000;
    let access_token = shared.access_key.sign(&AccessClaims {
        workspace_id: WORKSPACE_ID,
        jti: Uuid::new_v4(),
        iat,
        exp: access_ends / 1000,
    })?;
    let refresh_token = shared.access_key.sign(&RefreshClaims {
        sub: Uuid::new_v4().simple().to_string(),
        iat,
        exp: refresh_ends / 1000,
    })?;
    lock(&shared.access_tokens).put(&access_token, (), access_ends, now_ms);
    lock(&shared.refresh_tokens).put(&refresh_token, (), refresh_ends, now_ms);
    Ok(answers::secret(
        StatusCode::OK,
        AuthenticationResponse {
            access_token,
            refresh_token,
            expiry_duration: seconds,
            token_type: "Bearer",
        },
    ))
}
