//! A file from an address that the API gave.

use reqwest::Response;
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use url::Url;

use super::{
    Transport,
    failure::{date, failure, meaning, redirected, too_large},
};
use crate::{
    error::{Error, ErrorKind, ErrorPhase},
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
        let size = response.content_length();
        let most = self.limits.download_bytes;
        if size.is_some_and(|size| size > most) {
            return Err(too_large(most));
        }
        let mut done = 0_u64;
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
            to.write_all(&piece).await.map_err(not_written)?;
            progress(done, size);
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
        let request = self.http.get(address).timeout(self.limits.transfer);
        let response = timeout(self.limits.request, request.send())
            .await
            .map_err(|_| stalled(ErrorPhase::Request))?
            .map_err(|error| failure(error, ErrorPhase::Request))?;
        let (status, server_time) = (response.status(), date(response.headers()));
        if status.is_redirection() {
            return Err(redirected(status, server_time));
        }
        if status.is_success() {
            return Ok(response);
        }
        // Nothing of ours was refused there: a signed address is good for a while only.
        let kind = match status.as_u16() {
            401 | 403 => ErrorKind::NotFound,
            _ => meaning(status, ErrorPhase::Request),
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
