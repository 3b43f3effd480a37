//! HTTP/2 and TLS, each in a process of its own that trusts the test's certificate.

use std::{
    env, fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};
use transactionlink::{Credential, Error, ErrorKind, ErrorPhase};

use super::{TOKEN_BODY, issue, server::client};

/// Where the process that trusts the certificate finds its key.
const FOLDER: &str = "TRANSACTIONLINK_TEST_FOLDER";

/// Runs a test in a process that trusts a certificate for 127.0.0.1, which is what a computer's own
/// list of certificates is changed by.
fn trusting(name: &str, test: impl Future<Output = ()>) {
    if env::var_os(FOLDER).is_some() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(test);
    }
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.path().join("cert.pem"), cert.pem()).unwrap();
    fs::write(folder.path().join("key.pem"), signing_key.serialize_pem()).unwrap();
    let ended = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, folder.path())
        .env("SSL_CERT_FILE", folder.path().join("cert.pem"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

fn acceptor(protocol: &[u8]) -> TlsAcceptor {
    let folder = env::var_os(FOLDER).unwrap();
    let folder = Path::new(&folder);
    let certificate = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const HEADERS: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(3, 0, stream, &code.to_be_bytes())
}

fn go_away(last: u32, code: u32) -> Vec<u8> {
    let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
    frame(7, 0, 0, &payload)
}

fn answered(stream: u32, body: &[u8]) -> Vec<u8> {
    // 0x88 is `:status: 200` of the static table.
    let head = frame(HEADERS, END_HEADERS, stream, &[0x88]);
    [head, frame(0, END_STREAM, stream, body)].concat()
}

/// What a server does to a request on this stream; nothing is hanging up.
type Fault = fn(u32) -> Vec<u8>;

/// Serves HTTP/2 and counts requests.
async fn serve(fault: Fault) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let (counted, acceptor) = (requests.clone(), acceptor(b"h2"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (counted, acceptor) = (counted.clone(), acceptor.clone());
            tokio::spawn(async move { connection(stream, acceptor, counted, fault).await });
        }
    });
    (url, requests)
}

async fn connection(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    counted: Arc<AtomicUsize>,
    fault: Fault,
) -> Option<()> {
    let mut stream = acceptor.accept(stream).await.ok()?;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await.ok()?;
    stream.write_all(&frame(4, 0, 0, &[])).await.ok()?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.ok()?;
        if head[3] == HEADERS {
            counted.fetch_add(1, Ordering::SeqCst);
            let stream_id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            let answer = fault(stream_id);
            if answer.is_empty() {
                return None;
            }
            stream.write_all(&answer).await.ok()?;
            stream.flush().await.ok()?;
        }
    }
}

async fn try_to_issue(url: &str) -> Result<(), Error> {
    let token = Credential::OrganizationToken("tot_hidden-value".into());
    issue(&client(url, token)).await.map(|_| ())
}

#[test]
fn a_token_comes_over_http_2() {
    trusting("tls::a_token_comes_over_http_2", async {
        let (url, requests) = serve(|stream| answered(stream, TOKEN_BODY.as_bytes())).await;
        try_to_issue(&url).await.unwrap();
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_post_goes_out_once_whatever_http_2_says() {
    trusting("tls::a_post_goes_out_once_whatever_http_2_says", async {
        let faults: [(&str, Fault); 9] = [
            ("REFUSED_STREAM", |stream| reset(stream, 7)),
            ("GOAWAY, none processed", |_| go_away(0, 0)),
            ("GOAWAY, calm", |_| go_away(0, 11)),
            ("INTERNAL_ERROR", |stream| reset(stream, 2)),
            ("CANCEL", |stream| reset(stream, 8)),
            ("HTTP_1_1_REQUIRED", |stream| reset(stream, 13)),
            ("GOAWAY and REFUSED_STREAM", |stream| {
                [go_away(0, 0), reset(stream, 7)].concat()
            }),
            ("half an answer", |stream| {
                let head = frame(HEADERS, END_HEADERS, stream, &[0x88]);
                [head, reset(stream, 7)].concat()
            }),
            ("hung up", |_| Vec::new()),
        ];
        for (name, fault) in faults {
            let (url, requests) = serve(fault).await;
            let error = try_to_issue(&url).await.unwrap_err();
            assert_eq!(requests.load(Ordering::SeqCst), 1, "{name}: {error}");
            assert!(error.may_have_been_issued(), "{name}: {error}");
        }
    });
}

#[test]
fn a_post_goes_out_once_over_http_1() {
    trusting("tls::a_post_goes_out_once_over_http_1", async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let acceptor = acceptor(b"http/1.1");
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = acceptor.accept(stream).await.unwrap();
                let mut buffer = [0; 8192];
                if stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        let error = try_to_issue(&url).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ConnectionLost);
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    });
}

/// Answers the first bytes of each connection with these.
async fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 8192];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    url
}

#[tokio::test]
async fn what_is_no_trusted_tls_is_told_as_such() {
    for (what, bytes) in [
        ("an alert on the version", &[21, 3, 2, 0, 2, 2, 70][..]),
        ("an alert on the handshake", &[21, 3, 3, 0, 2, 2, 40]),
        ("plain HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("hung up", b""),
    ] {
        let url = answering(bytes).await;
        let error = try_to_issue(&url).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Tls, "{what}: {error}");
        assert_eq!(error.phase, ErrorPhase::Connect, "{what}");
        assert!(!error.may_have_been_issued(), "{what}");
    }
}

#[test]
fn a_certificate_of_another_name_is_not_trusted() {
    trusting("tls::a_certificate_of_another_name_is_not_trusted", async {
        let (url, requests) = serve(|_| Vec::new()).await;
        let url = url.replace("127.0.0.1", "localhost");
        let error = try_to_issue(&url).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Tls, "{error}");
        assert_eq!(requests.load(Ordering::SeqCst), 0);
    });
}
