//! `/workflows`: only whether the caller would be let in. Reading a workflow that cannot exist is
//! how a client tests an organization token: 401 or 404.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap};

use crate::{
    answers::{Refusal, no_endpoint},
    shared::{Shared, now_ms},
};

pub(crate) async fn workflows(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Refusal {
    match shared.admit(&headers, now_ms()) {
        Ok(()) => no_endpoint(),
        Err(refusal) => refusal,
    }
}
