//! Webhooks: where they go to, the key they are signed with, and how they are sent.

mod send;

pub(crate) use send::Event;

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use pem::{EncodeConfig, LineEnding, Pem};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    answers::{Refusal, Refuses},
    incoming::{Admitted, Body, In, read},
    shared::{Shared, lock},
    signing::WebhookKey,
};

/// Where webhooks go to, and what is needed to send them.
#[derive(Default)]
pub(crate) struct Webhooks {
    url: Mutex<Option<Url>>,
    key: WebhookKey,
    http: OnceCell<Client>,
}

impl Webhooks {
    /// Sends them there from now on, or nowhere.
    ///
    /// # Errors
    /// It is no `http` address on loopback.
    pub(crate) fn set(&self, url: Option<&str>) -> io::Result<()> {
        let url = url.map(on_loopback).transpose()?;
        *lock(&self.url) = url;
        Ok(())
    }
}

/// An address that webhooks may go to: `http`, and this computer's own.
fn on_loopback(url: &str) -> io::Result<Url> {
    let near = |url: &Url| {
        url.scheme() == "http"
            && url.host_str().is_some_and(|host| {
                let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
                host == "localhost" || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
            })
    };
    Url::parse(url).ok().filter(near).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "webhooks go to http on loopback only, such as http://127.0.0.1:8131/",
        )
    })
}

/// Where webhooks go to (invented).
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct WebhookTarget {
    /// An `http` address on loopback; null sends none.
    #[schema(example = "http://127.0.0.1:8131/")]
    url: Option<String>,
}

/// Sets where webhooks go to.
///
/// The vendor's dashboard does this; the endpoint is invented.
#[utoipa::path(
    put, path = "/simulator/webhook", tag = "invented",
    operation_id = "set-webhook",
    request_body = WebhookTarget,
    responses(
        (status = 200, description = "Where they go to now", body = WebhookTarget),
        Refuses<400>, Refuses<401>, Refuses<413>,
    ),
)]
pub(crate) async fn set(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<WebhookTarget>, Refusal> {
    let lenient = shared.options.lenient;
    let target: WebhookTarget = read(&headers, body, lenient, StatusCode::BAD_REQUEST)?;
    let set = shared.webhooks.set(target.url.as_deref());
    set.map_err(|_| Refusal::field("url", "is no http address on loopback"))?;
    Ok(Json(target))
}

/// The key in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct KeyPath {
    /// The `kid` of a webhook's signature.
    key_id: Uuid,
}

/// Gives the public key that webhooks verify with.
#[utoipa::path(
    get, path = "/auth/webhooks/key/{keyId}", tag = "auth", security(()),
    operation_id = "get-webhook-key",
    params(
        KeyPath,
        ("pem" = Option<bool>, Query, description = "PEM, the default, or plain base64"),
    ),
    responses(
        (status = 200, description = "The key, a SubjectPublicKeyInfo", body = String, content_type = "text/plain", example = json!(include_str!("example.pem"))),
        Refuses<400>, Refuses<404>, Refuses<500>,
    ),
)]
pub(crate) async fn key(
    In(path): In<KeyPath>,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let as_pem = as_pem(query.as_deref().unwrap_or(""))?;
    let Some(der) = shared.webhooks.key.public(path.key_id).await? else {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "simulator.key_not_found",
            "Public key not found: `keyId` is none of the simulator's.",
        ));
    };
    let text = if as_pem {
        let unix = EncodeConfig::new().set_line_ending(LineEnding::LF);
        pem::encode_config(&Pem::new("PUBLIC KEY", der), unix)
    } else {
        STANDARD.encode(der)
    };
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

fn as_pem(query: &str) -> Result<bool, Refusal> {
    let value = query
        .split('&')
        .find_map(|pair| match pair.split_once('=') {
            Some(("pem", value)) => Some(value),
            None if pair == "pem" => Some(""),
            _ => None,
        });
    match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Refusal::field("pem", "is not a boolean")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_stay_on_this_computer() {
        for (url, good) in [
            ("http://127.0.0.1:8131/hook", true),
            ("http://localhost:8131", true),
            ("http://[::1]:8131/", true),
            ("https://127.0.0.1:8131/", false),
            ("http://192.0.2.1/", false),
            ("http://localhost.example.org/", false),
            ("http://localhost@example.org/", false),
            ("127.0.0.1:8131", false),
            ("", false),
        ] {
            assert_eq!(on_loopback(url).is_ok(), good, "{url}");
        }
    }

    #[test]
    fn pem_is_a_boolean() {
        for (query, wanted) in [
            ("", Some(true)),
            ("pem=true", Some(true)),
            ("a=b&pem=false", Some(false)),
            ("pem=", None),
            ("pem", None),
            ("pem=1", None),
        ] {
            assert_eq!(as_pem(query).ok(), wanted, "{query}");
        }
    }
}
