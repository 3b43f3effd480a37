//! The OpenAPI description, made of the very handlers and types that answer.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{
        ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answers::{ErrorResponse, Problem},
    attachments, auth, cases, links, records, resources,
    shared::Shared,
    token, webhooks, widget, workflows,
};

/// The largest body of `POST /workflows`, whose parameters are free.
const PARAMETERS_LIMIT: usize = 64 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "TransactionLink stand-in",
        description = "What a stand-in for TransactionLink takes and answers. It is made of the stand-in's own types and is no description by the vendor: what the vendor does not document is invented.",
        license(name = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "Where this description comes from")),
    components(schemas(ErrorResponse, Problem)),
    modifiers(&Credentials),
    tags(
        (name = "auth", description = "Access tokens and the key of webhooks"),
        (name = "token", description = "Widget tokens"),
        (name = "link", description = "Links to the hosted page"),
        (name = "workflows", description = "Workflow runs"),
        (name = "cases", description = "Cases, the subjects of version 1"),
        (name = "resources", description = "Files for cases"),
        (name = "records", description = "Records, the subjects of version 2"),
        (name = "attachments", description = "Files of records"),
        (name = "invented", description = "The stand-in's own, which the vendor has not"),
    ),
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let header = ApiKeyValue::with_description("Authorization", "An organization token, bare");
        components.add_security_scheme(
            "organizationToken",
            SecurityScheme::ApiKey(ApiKey::Header(header)),
        );
        components.add_security_scheme(
            "bearerAuthJWT",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
        let none = || [] as [&str; 0];
        openapi.security = Some(vec![
            SecurityRequirement::new("organizationToken", none()),
            SecurityRequirement::new("bearerAuthJWT", none()),
        ]);
    }
}

/// Every endpoint that is described, which are all but pages, scripts and the description.
pub(crate) fn described() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(auth::authorize))
        .routes(routes!(auth::refresh))
        .routes(routes!(webhooks::key))
        .routes(routes!(token::token))
        .routes(routes!(links::link))
        .routes(routes!(links::send))
        .routes(routes!(workflows::background::run))
        .routes(routes!(workflows::read::read))
        .routes(routes!(workflows::result::result))
        .routes(routes!(cases::create))
        .routes(routes!(cases::get))
        .routes(routes!(records::create))
        .routes(routes!(records::get))
        .routes(routes!(attachments::link, attachments::delete))
        .routes(routes!(attachments::file))
        .routes(routes!(webhooks::set))
        .merge(widget::routes())
        .merge(
            OpenApiRouter::new()
                .routes(routes!(workflows::start::start))
                .layer(DefaultBodyLimit::max(PARAMETERS_LIMIT)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(resources::create))
                .routes(routes!(attachments::list, attachments::create))
                // Forms are measured part by part.
                .layer(DefaultBodyLimit::disable()),
        )
}

/// The OpenAPI 3.1 description of the simulator, as `GET /openapi.json` serves it.
///
/// # Errors
/// It cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    described().into_openapi().to_pretty_json()
}
