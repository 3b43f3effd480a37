//! A web view under WebDriver: the app's main window, or a browser beside it.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::desktop::{Desktop, TOKENDESK};

const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than any test.
const LONGEST: Duration = Duration::from_secs(300);
const BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

pub struct Web {
    pub client: Client,
    driver: Child,
    /// The driven program, a child of the driver.
    program: u32,
    /// Dropped at the end, which calls the watch off.
    _watched: mpsc::Sender<()>,
}

impl Web {
    /// Starts the app and waits until its window is filled.
    pub async fn app(desktop: &Desktop) -> Self {
        let web = Self::start(desktop, TOKENDESK, &[]).await;
        web.size(1280, 800).await;
        web.see_css("[data-testid=window][data-ready=true]").await;
        web
    }

    /// A browser, as a person has one beside the app.
    pub async fn browser(desktop: &Desktop) -> Self {
        Self::start(desktop, BROWSER, &["--automation"]).await
    }

    async fn start(desktop: &Desktop, binary: &str, arguments: &[&str]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = desktop
            .command("WebKitWebDriver")
            .arg(format!("--port={free}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is there: `cargo xtask setup` installs it");
        let mut capabilities = Capabilities::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": binary, "args": arguments }),
        );
        let begun = Instant::now();
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            let address = format!("http://127.0.0.1:{free}");
            // The driver says nothing of a program that ends at once.
            let connected = tokio::time::timeout(PATIENCE, builder.connect(&address)).await;
            match connected.expect("the program starts and stays") {
                Ok(client) => break client,
                Err(error) => {
                    assert!(begun.elapsed() < PATIENCE, "no WebDriver session: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        };
        let program = child_of(driver.id()).expect("the driver started the program");
        Self {
            _watched: watch(program, driver.id()),
            client,
            driver,
            program,
        }
    }

    /// The id of the driven program.
    pub fn program(&self) -> u32 {
        self.program
    }

    pub async fn size(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.unwrap();
    }

    /// Waits for an element by its test id.
    pub async fn see(&self, testid: &str) -> Element {
        self.see_css(&format!("[data-testid={testid}]")).await
    }

    pub async fn see_css(&self, css: &str) -> Element {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => element,
            Err(error) => panic!(
                "{css} did not come ({error}); the page says:\n{}",
                self.page().await
            ),
        }
    }

    /// Clicks once nothing lies over the element any more: something may just be moving there.
    pub async fn click(&self, testid: &str) {
        self.click_css(&format!("[data-testid={testid}]")).await;
    }

    pub async fn click_css(&self, css: &str) {
        let begun = Instant::now();
        while let Err(error) = self.see_css(css).await.click().await {
            if begun.elapsed() > Duration::from_secs(10) {
                panic!(
                    "{css} cannot be clicked ({error}); the page says:\n{}",
                    self.page().await
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, testid: &str, text: &str) {
        self.fill_css(&format!("[data-testid={testid}]"), text)
            .await;
    }

    pub async fn fill_css(&self, css: &str, text: &str) {
        self.click_css(css).await;
        let field = self.see_css(css).await;
        field
            .send_keys(&format!("{}a{}", Key::Control, Key::Null))
            .await
            .unwrap();
        field.send_keys(&Key::Delete.to_string()).await.unwrap();
        if !text.is_empty() {
            field.send_keys(text).await.unwrap();
        }
    }

    /// Chooses in one of the platform's own lists.
    pub async fn choose_css(&self, css: &str, value: &str) {
        let list = self.see_css(css).await;
        list.select_by_value(value).await.unwrap();
    }

    /// What stands in a field.
    pub async fn value(&self, testid: &str) -> String {
        let field = self.see(testid).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    pub async fn keys(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    pub async fn text(&self, testid: &str) -> String {
        self.see(testid).await;
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let text = self
            .script(script, vec![json!(format!("[data-testid={testid}]"))])
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element's text holds a word.
    pub async fn says(&self, testid: &str, word: &str) {
        let css = format!("[data-testid={testid}]");
        self.until(&format!("{testid} says {word}"), async || {
            let text = self
                .script("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')", vec![json!(css)])
                .await;
            text.as_str().is_some_and(|t| t.contains(word))
        })
        .await;
    }

    pub async fn gone(&self, testid: &str) {
        self.until(&format!("{testid} goes"), async || {
            self.count(testid).await == 0
        })
        .await;
    }

    pub async fn count(&self, testid: &str) -> usize {
        let css = format!("[data-testid={testid}]");
        self.client
            .find_all(Locator::Css(&css))
            .await
            .unwrap()
            .len()
    }

    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !holds().await {
            if begun.elapsed() > PATIENCE {
                panic!("{what}: not in time; the page says:\n{}", self.page().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// Calls a command as the page itself does, and waits for its answer.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let script = "const done = arguments[2];
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
                .then(ok => done({ ok }), error => done({ error }));";
        let answer = self
            .client
            .execute_async(script, vec![json!(command), arguments])
            .await
            .unwrap();
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["ok"].clone()),
        }
    }

    /// Waits until the page as it is now is on the screen.
    pub async fn painted(&self) {
        let script = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
        self.client.execute_async(script, vec![]).await.unwrap();
    }

    pub async fn picture(&self, path: &Path) {
        let png = self.client.screenshot().await.unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, png).unwrap();
    }

    async fn page(&self) -> String {
        let text = self
            .client
            .execute("return document.body.innerText", vec![])
            .await;
        text.map_or_else(
            |error| error.to_string(),
            |text| text.as_str().unwrap_or_default().to_owned(),
        )
    }

    /// Ends the program as a crash does.
    pub fn crash(self) {
        end(self.program);
        let begun = Instant::now();
        while is_running(self.program) {
            assert!(begun.elapsed() < PATIENCE, "a killed program ends");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Closes the window, and waits until the app has ended by itself.
    pub async fn close(self) {
        // The driver ends it hard: what a choice writes a moment later shall be written.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let _ = self.client.clone().close().await;
        let begun = Instant::now();
        while is_running(self.program) {
            assert!(begun.elapsed() < PATIENCE, "the app ends with its window");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        // After a failed test the program may still be there.
        if is_running(self.program) {
            end(self.program);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Ends a program that does not answer any more, so that the call that waits for it fails.
fn watch(program: u32, driver: u32) -> mpsc::Sender<()> {
    let (watched, watching) = mpsc::channel();
    thread::spawn(move || {
        if watching.recv_timeout(LONGEST) == Err(mpsc::RecvTimeoutError::Timeout) {
            end(program);
            end(driver);
        }
    });
    watched
}

fn end(pid: u32) {
    send("KILL", pid);
}

/// Sends a signal to a process that was started here.
pub fn send(signal: &str, pid: u32) {
    let _ = Command::new("kill")
        .args([&format!("-{signal}"), &pid.to_string()])
        .status();
}

fn child_of(parent: u32) -> Option<u32> {
    let listed = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    listed.split_whitespace().next()?.parse().ok()
}

/// Until its last thread has ended, a program that was ended still holds what it had open.
pub fn is_running(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    threads > 1 || !stat.contains(") Z ")
}
