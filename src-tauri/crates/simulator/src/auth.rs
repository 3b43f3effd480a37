//! `POST /auth/authorize` and `POST /auth/refresh`.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    answers::{self, Refusal},
    incoming::{Fields, object, says_json},
    shared::{Shared, WORKSPACE_ID, lock, now_ms, same},
};

/// 90 days, as in the vendor's sample of a refresh token.
const REFRESH_TOKEN_MS: u64 = 90 * 24 * 3600 * 1000;

type Body = Result<Bytes, BytesRejection>;

/// The answer of both endpoints (seen).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessAnswer {
    access_token: String,
    refresh_token: String,
    expiry_duration: u32,
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

/// `POST /auth/authorize`: key and secret for an access token.
pub(crate) async fn authorize(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let mut fields = read(&shared, &headers, body)?;
    let (key, secret) = (fields.required("key"), fields.required("secret"));
    fields.check()?;
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

/// `POST /auth/refresh`: a refresh token for a new pair. The old one is used up.
pub(crate) async fn refresh(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let mut fields = read(&shared, &headers, body)?;
    let token = fields.required("refreshToken");
    fields.check()?;
    let now_ms = now_ms();
    if lock(&shared.refresh_tokens).take(&token, now_ms).is_none() {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "simulator.wrong_refresh_token",
            "The refresh token is unknown, used up or has expired.",
        ));
    }
    grant(&shared, now_ms)
}

fn read(shared: &Shared, headers: &HeaderMap, body: Body) -> Result<Fields, Refusal> {
    if !says_json(headers, shared.options.lenient) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "simulator.wrong_content_type",
            "`Content-Type` is not application/json.",
        ));
    }
    object(body).map(Fields::new)
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
        AccessAnswer {
            access_token,
            refresh_token,
            expiry_duration: seconds,
            token_type: "Bearer",
        },
    ))
}
