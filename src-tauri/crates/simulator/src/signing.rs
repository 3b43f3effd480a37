//! The simulator's own keys: RS512 for widget tokens, RS256 for webhooks, HS512 for access and
//! refresh tokens.

use std::sync::Arc;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{
        KeyPair as _, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding,
        UnparsedPublicKey,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use tokio::{sync::OnceCell, task::spawn_blocking};
use uuid::Uuid;

use crate::answers::Refusal;

/// The claims of a widget token, as in the documented sample.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WidgetClaims {
    pub(crate) customer_id: String,
    pub(crate) party_id: String,
    pub(crate) workspace_id: String,
    pub(crate) iat: u64,
    pub(crate) exp: u64,
}

/// An RSA key. Making it takes a while, so it is made when first needed, on a thread that may
/// block.
#[derive(Default)]
struct LateKey(OnceCell<Arc<KeyPair>>);

impl LateKey {
    async fn pair(&self) -> Result<&Arc<KeyPair>, Refusal> {
        self.0
            .get_or_try_init(|| async {
                let made = spawn_blocking(|| KeyPair::generate(KeySize::Rsa2048)).await;
                let pair = made.ok().and_then(Result::ok);
                pair.map(Arc::new)
                    .ok_or_else(|| Refusal::broken("no key could be made"))
            })
            .await
    }

    /// The signature in base64url.
    async fn sign(&self, how: &'static dyn RsaEncoding, signed: &str) -> Result<String, Refusal> {
        let pair = self.pair().await?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(how, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| Refusal::broken("signing failed"))?;
        Ok(URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The key of webhooks, and the id it is asked for by.
pub(crate) struct WebhookKey {
    id: Uuid,
    key: LateKey,
}

impl Default for WebhookKey {
    fn default() -> Self {
        Self {
            id: Uuid::new_v4(),
            key: LateKey::default(),
        }
    }
}

impl WebhookKey {
    /// The detached JWS of a body, with the header of the documented sample.
    pub(crate) async fn detached(&self, body: &[u8]) -> Result<String, Refusal> {
        let header = format!(r#"{{"alg":"RS256","kid":"{}","typ":"JWT"}}"#, self.id);
        let header = URL_SAFE_NO_PAD.encode(header);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(body));
        let signature = self.key.sign(&RSA_PKCS1_SHA256, &signed).await?;
        Ok(format!("{header}..{signature}"))
    }

    /// The public key in DER (`SubjectPublicKeyInfo`), if it is asked for by its id.
    pub(crate) async fn public(&self, id: Uuid) -> Result<Option<Vec<u8>>, Refusal> {
        if id != self.id {
            return Ok(None);
        }
        let der: Result<PublicKeyX509Der, _> = self.key.pair().await?.public_key().as_der();
        let der = der.map_err(|_| Refusal::broken("the key cannot be written"))?;
        Ok(Some(der.as_ref().to_vec()))
    }
}

/// The key of widget tokens.
#[derive(Default)]
pub(crate) struct WidgetKey(LateKey);

impl WidgetKey {
    /// The public key, an `RSAPublicKey` of PKCS#1 in DER.
    pub(crate) async fn public(&self) -> Result<Vec<u8>, Refusal> {
        Ok(self.0.pair().await?.public_key().as_ref().to_vec())
    }

    /// A widget token with these claims.
    pub(crate) async fn sign(&self, claims: &WidgetClaims) -> Result<String, Refusal> {
        let signed = encode(r#"{"alg":"RS512"}"#, claims)?;
        let signature = self.0.sign(&RSA_PKCS1_SHA512, &signed).await?;
        Ok(format!("{signed}.{signature}"))
    }

    /// The claims of a token of this simulator's.
    pub(crate) async fn read(&self, token: &str) -> Option<WidgetClaims> {
        // Without a key no token was given out.
        let pair = self.0.0.get()?;
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, pair.public_key().as_ref())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

/// The key of access and refresh tokens.
pub(crate) struct AccessKey(hmac::Key);

impl AccessKey {
    /// One made now; `None` where the system has no random numbers.
    pub(crate) fn random() -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA512, &SystemRandom::new());
        key.ok().map(Self)
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, Refusal> {
        let signed = encode(r#"{"alg":"HS512"}"#, claims)?;
        let tag = hmac::sign(&self.0, signed.as_bytes());
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())))
    }
}

fn encode(header: &str, claims: &impl Serialize) -> Result<String, Refusal> {
    let claims = serde_json::to_vec(claims).map_err(|_| Refusal::broken("claims"))?;
    let (header, claims) = (
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims),
    );
    Ok(format!("{header}.{claims}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> WidgetClaims {
        WidgetClaims {
            customer_id: "c".into(),
            party_id: "p".into(),
            workspace_id: "w".into(),
            iat: 1,
            exp: 2,
        }
    }

    #[tokio::test]
    async fn only_its_own_tokens_are_read() {
        let (own, other) = (WidgetKey::default(), WidgetKey::default());
        let token = own.sign(&claims()).await.unwrap();
        assert_eq!(own.read(&token).await.unwrap().exp, 2);
        assert!(other.read(&token).await.is_none(), "no key was made yet");
        let foreign = other.sign(&claims()).await.unwrap();
        assert!(own.read(&foreign).await.is_none());
        let header = token.split('.').next().unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.decode(header).unwrap(),
            br#"{"alg":"RS512"}"#
        );
        for broken in [
            "",
            ".",
            "..",
            "a.b.c",
            &token[1..],
            &token[..token.len() - 4],
        ] {
            assert!(own.read(broken).await.is_none(), "{broken}");
        }
    }
}
