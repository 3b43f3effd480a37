//! A file from an address that the API gave.

use std::io::Read;

use reqwest::{Response, header::ACCEPT_ENCODING};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use url::Url;

use super::{
    Transport,
    coding::{Codings, NO_CODING},
    failure::{date, failure, meaning, redirected, too_large},
};
use crate::{
    error::{AnswerForm, Error, ErrorKind, ErrorPhase},
    host::Host,
};

impl Transport {
    /// Fetches a file piece by piece. The address is signed and may be another host's, so nothing of
    /// ours goes there, and no redirect is followed.
    ///
    /// # Errors
    /// The address is not https (nor this computer's own, where the API is there), the file is not
    /// given, larger than the limit or not whole, or `to` does not take it.
    pub(crate) async fn download(
        &self,
        link: &SecretString,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<u64, Error> {
        let address = self.allowed(link)?;
        let mut response = self.open(address).await?;
        let codings = Codings::of(response.headers());
        let size = response.content_length();
        let most = self.limits.download_bytes;
        if size.is_some_and(|size| size > most) {
            return Err(too_large(most));
        }
        let mut done = 0_u64;
        // One that is coded is as long as it says when decoded only.
        let mut coded = Vec::new();
        progress(done, size);
        loop {
            let piece = timeout(self.limits.request, response.chunk())
                .await
                .map_err(|_| stalled(ErrorPhase::Answer))?
                .map_err(|error| failure(error, ErrorPhase::Answer))?;
            let Some(piece) = piece else { break };
            done = done.saturating_add(piece.len() as u64);
            if done > most {
                return Err(too_large(most));
            }
            if codings.is_none() {
                to.write_all(&piece).await.map_err(not_written)?;
            } else {
                coded.extend_from_slice(&piece);
            }
            progress(done, size);
        }
        if !codings.is_none() {
            done = decode(codings.reader(coded), most, to).await?;
            progress(done, Some(done));
        }
        to.flush().await.map_err(not_written)?;
        Ok(done)
    }

    fn allowed(&self, link: &SecretString) -> Result<Url, Error> {
        let refused = |kind, detail| Err(Error::new(kind, ErrorPhase::Connect, detail));
        let Ok(address) = Url::parse(link.expose_secret()) else {
            return refused(
                ErrorKind::MalformedAnswer,
                "The answer's `link` is not an address.",
            );
        };
        let here = || {
            let origin = Host::parse(&address.origin().ascii_serialization());
            self.host.is_loopback() && origin.is_ok_and(|host| host.is_loopback())
        };
        match address.scheme() {
            "https" => Ok(address),
            "http" if here() => Ok(address),
            _ => refused(
                ErrorKind::InsecureHost,
                "The file's address is not one of https.",
            ),
        }
    }

    async fn open(&self, address: Url) -> Result<Response, Error> {
        let request = self.connections.http()?.get(address);
        let request = request
            .header(ACCEPT_ENCODING, NO_CODING)
            .timeout(self.limits.transfer);
        let response = timeout(self.limits.request, request.send())
            .await
            .map_err(|_| stalled(ErrorPhase::Request))?
            .map_err(|error| failure(error, ErrorPhase::Request))?;
        let (status, server_time) = (response.status(), date(response.headers()));
        if status.is_redirection() {
            return Err(redirected(status, response.headers(), &self.host));
        }
        if status.is_success() {
            return Ok(response);
        }
        // Nothing of ours was refused there: a signed address is good for a while only.
        let kind = match status.as_u16() {
            401 | 403 | 404 | 410 => ErrorKind::LinkExpired,
            _ => meaning(status, AnswerForm::Documented, ErrorPhase::Request),
        };
        Err(Error {
            http_status: Some(status.as_u16()),
            server_time,
            ..Error::new(
                kind,
                ErrorPhase::Request,
                format!("The file's address answered HTTP {}.", status.as_u16()),
            )
        })
    }
}

/// Writes a file that came coded.
async fn decode(
    mut coded: Box<dyn Read + Send>,
    most: u64,
    to: &mut (dyn AsyncWrite + Send + Unpin),
) -> Result<u64, Error> {
    let (mut done, mut piece) = (0_u64, vec![0; 64 * 1024]);
    loop {
        let read = coded.read(&mut piece).map_err(|_| {
            Error::new(
                ErrorKind::MalformedAnswer,
                ErrorPhase::Answer,
                "The file is not coded as its headers say.",
            )
        })?;
        if read == 0 {
            return Ok(done);
        }
        done = done.saturating_add(read as u64);
        if done > most {
            return Err(too_large(most));
        }
        to.write_all(&piece[..read]).await.map_err(not_written)?;
    }
}

fn stalled(phase: ErrorPhase) -> Error {
    Error::new(ErrorKind::TimedOut, phase, "The file stopped coming.")
}

/// The words of the system name no path.
fn not_written(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::NotWritten,
        ErrorPhase::Answer,
        error.kind().to_string(),
    )
}
