//! Checking the form's fields, once, and the call they make.

use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;
use transactionlink::{
    BackgroundRequestV1, BackgroundRequestV2, Client, Error, LinkCall, Phase, RequestPreview,
    RunRequest, TokenRequestV1, TokenRequestV2,
};
use uuid::Uuid;

use super::{Came, IssueRequest};
use crate::{
    error::{AppError, Field},
    history::{ApiGeneration, EntryKind, Purpose},
    json, pasted,
};

/// The bounds of a run's life, in minutes (documented: 30 minutes to 30 days).
const MINUTES: std::ops::RangeInclusive<u32> = 30..=30 * 24 * 60;
/// The language of a run where none is chosen; `locale` is required (documented).
const DEFAULT_LOCALE: &str = "en";

/// A request with every field in order. Only [`IssueRequest::accept`] makes one.
#[derive(Clone)]
pub(crate) struct Accepted {
    pub(crate) kind: EntryKind,
    pub(crate) api: ApiGeneration,
    pub(crate) workflow_id: String,
    pub(crate) workflow_name: Option<String>,
    pub(crate) subject: Option<Uuid>,
    pub(crate) parameters_id: Option<String>,
    pub(crate) parameters: Option<String>,
    pub(crate) minutes: Option<u32>,
    pub(crate) lang: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) send: bool,
    pub(crate) purpose: Purpose,
}

/// A subject and the version of the API that goes with it.
enum Versioned<One, Two> {
    V1(One),
    V2(Two),
}

enum Call {
    Run(RunRequest),
    Background(Versioned<BackgroundRequestV1, BackgroundRequestV2>),
    Token(Versioned<TokenRequestV1, TokenRequestV2>),
    Link(LinkCall, Versioned<TokenRequestV1, TokenRequestV2>),
}

impl IssueRequest {
    /// Checks every field.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub(crate) fn accept(&self) -> Result<Accepted, AppError> {
        let workflow_id =
            id(&self.workflow_id, Field::Workflow, "Choose a workflow")?.ok_or_else(|| {
                AppError::invalid(
                    Field::Workflow,
                    "Choose a workflow",
                    "Pick one or paste its id.",
                )
            })?;
        let subject = subject(&self.subject, self.api)?;
        if self.api == ApiGeneration::V1 && subject.is_none() {
            return Err(AppError::invalid(
                Field::Subject,
                "Enter a case id",
                "This generation of the API works on a case.",
            ));
        }
        let run = self.api == ApiGeneration::Workflows;
        let parameters_id = id(&self.parameters_id, Field::ParametersId, "Not an id")?;
        let lang = lang(&self.lang)?;
        let label = pasted::trimmed(&self.label);
        if label.chars().count() > 200 {
            return Err(AppError::invalid(
                Field::Label,
                "Label too long",
                "A label has up to 200 characters.",
            ));
        }
        Ok(Accepted {
            kind: if run { EntryKind::Run } else { self.kind },
            api: self.api,
            workflow_id,
            workflow_name: None,
            subject,
            parameters_id: parameters_id.filter(|_| !run),
            parameters: run.then(|| parameters(&self.parameters)).transpose()?,
            minutes: if run { minutes(self.minutes)? } else { None },
            lang: if run {
                Some(lang.unwrap_or_else(|| DEFAULT_LOCALE.to_owned()))
            } else {
                lang
            },
            label: (!label.is_empty()).then(|| label.to_owned()),
            send: self.send && self.kind == EntryKind::Link && !run,
            purpose: self.purpose,
        })
    }
}

impl Accepted {
    /// The call to make at `now`, from which a run's life counts.
    fn call(&self, now: SystemTime) -> Call {
        match (self.kind, self.api) {
            (_, ApiGeneration::Workflows) => Call::Run(RunRequest {
                workflow_definition_id: self.workflow_id.clone(),
                locale: self.lang.clone().unwrap_or_default(),
                parameters: raw(self.parameters.as_deref()),
                expires_at: self.minutes.map(|minutes| now + life(minutes)),
                record_id: self.subject,
            }),
            (EntryKind::Run, _) => Call::Background(self.background()),
            (EntryKind::Token, _) => Call::Token(self.token()),
            (EntryKind::Link, _) => Call::Link(
                if self.send {
                    LinkCall::Send
                } else {
                    LinkCall::Make
                },
                self.token(),
            ),
        }
    }

    fn token(&self) -> Versioned<TokenRequestV1, TokenRequestV2> {
        let workflow_definition_id = self.workflow_id.clone();
        let (parameters_id, lang) = (self.parameters_id.clone(), self.lang.clone());
        match (self.api, self.subject) {
            (ApiGeneration::V1, Some(case_id)) => Versioned::V1(TokenRequestV1 {
                case_id,
                workflow_definition_id,
                parameters_id,
                lang,
            }),
            (_, record_id) => Versioned::V2(TokenRequestV2 {
                record_id,
                workflow_definition_id,
                parameters_id,
                lang,
            }),
        }
    }

    fn background(&self) -> Versioned<BackgroundRequestV1, BackgroundRequestV2> {
        let workflow_definition_id = self.workflow_id.clone();
        let parameters_id = self.parameters_id.clone();
        match (self.api, self.subject) {
            (ApiGeneration::V1, Some(case_id)) => Versioned::V1(BackgroundRequestV1 {
                case_id,
                workflow_definition_id,
                parameters_id,
            }),
            (_, record_id) => Versioned::V2(BackgroundRequestV2 {
                record_id,
                workflow_definition_id,
                parameters_id,
            }),
        }
    }

    /// The request as it would go out at `now`, secrets hidden.
    pub(super) fn preview(&self, now: SystemTime) -> RequestPreview {
        use Versioned::{V1, V2};
        match self.call(now) {
            Call::Run(request) => request.preview(),
            Call::Background(V1(request)) => request.preview(),
            Call::Background(V2(request)) => request.preview(),
            Call::Token(V1(request)) => request.preview(),
            Call::Token(V2(request)) => request.preview(),
            Call::Link(call, V1(request)) => request.link_preview(call),
            Call::Link(call, V2(request)) => request.link_preview(call),
        }
    }

    /// Sends it at `now` on the server's clock.
    pub(crate) async fn send(
        &self,
        client: &Client,
        now: SystemTime,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Came, Error> {
        use Versioned::{V1, V2};
        match &self.call(now) {
            Call::Run(request) => client.run(request, on).await.map(Came::from),
            Call::Background(V1(request)) => {
                client.run_background_v1(request, on).await.map(Came::from)
            }
            Call::Background(V2(request)) => {
                client.run_background_v2(request, on).await.map(Came::from)
            }
            Call::Token(V1(request)) => client.token_v1(request, on).await.map(Came::from),
            Call::Token(V2(request)) => client.token_v2(request, on).await.map(Came::from),
            Call::Link(call, V1(request)) => {
                client.link_v1(*call, request, on).await.map(Came::from)
            }
            Call::Link(call, V2(request)) => {
                client.link_v2(*call, request, on).await.map(Came::from)
            }
        }
    }
}

/// A run's life, kept off both bounds by what a request may take on its way: the vendor counts
/// from when it arrives.
pub(crate) fn life(minutes: u32) -> Duration {
    const ON_ITS_WAY: u64 = 60;
    let seconds = u64::from(minutes) * 60;
    let (least, most) = (
        u64::from(*MINUTES.start()) * 60,
        u64::from(*MINUTES.end()) * 60,
    );
    Duration::from_secs(seconds.clamp(least + ON_ITS_WAY, most - ON_ITS_WAY))
}

/// Parameters that were accepted are JSON, so none are lost here.
fn raw(parameters: Option<&str>) -> Box<RawValue> {
    let text = parameters.unwrap_or("{}").to_owned();
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn parameters(text: &str) -> Result<String, AppError> {
    json::object(text, Field::Parameters)
}

fn minutes(minutes: Option<u32>) -> Result<Option<u32>, AppError> {
    match minutes {
        Some(minutes) if !MINUTES.contains(&minutes) => Err(AppError::invalid(
            Field::Minutes,
            "Not a possible duration",
            "A run ends after 30 minutes at the earliest and 30 days at the latest.",
        )),
        minutes => Ok(minutes),
    }
}

fn subject(text: &str, api: ApiGeneration) -> Result<Option<Uuid>, AppError> {
    let given = text;
    let text = pasted::unquoted(given);
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(odd) = pasted::odd_character(given, text) {
        return Err(has_odd_character(Field::Subject, "Not an id", &odd));
    }
    let what = match api {
        ApiGeneration::V1 => "A case id",
        ApiGeneration::V2 | ApiGeneration::Workflows => "A record id",
    };
    Uuid::try_parse(text).map(Some).map_err(|_| {
        AppError::invalid(
            Field::Subject,
            if text.len() < 32 {
                "Too short for an id"
            } else {
                "Not an id"
            },
            format!("{what} looks like 7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f."),
        )
    })
}

/// An id whose form the vendor does not promise: anything printable of a sane length.
pub(crate) fn id(text: &str, field: Field, title: &str) -> Result<Option<String>, AppError> {
    let given = text;
    let text = pasted::unquoted(given);
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(odd) = pasted::odd_character(given, text) {
        return Err(has_odd_character(field, title, &odd));
    }
    if text.len() > 200 {
        let detail = "An id has up to 200 characters.";
        return Err(AppError::invalid(field, title, detail));
    }
    Ok(Some(text.to_owned()))
}

fn has_odd_character(field: Field, title: &str, odd: &pasted::OddCharacter) -> AppError {
    AppError::invalid(field, title, format!("It has {odd}; no id does."))
}

fn lang(text: &str) -> Result<Option<String>, AppError> {
    let text = pasted::unquoted(text);
    if text.is_empty() {
        return Ok(None);
    }
    let fits = text.len() <= 35
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if fits {
        Ok(Some(text.to_owned()))
    } else {
        Err(AppError::invalid(
            Field::Lang,
            "Not a language",
            "A language is a short code such as en or pl.",
        ))
    }
}
