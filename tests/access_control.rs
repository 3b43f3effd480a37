//! Who may call what: every command of the app and of its plugins, from the main window, from a
//! preview and from other origins, on the context the app is built with.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use tauri::{
    App, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};
use tokendesk_core::{Desk, Folder, keychain::Keychain};
use tokendesk_lib::ipc;

/// What a page of the app's own has beyond its commands, and what it must not have.
const PLUGIN_COMMANDS: [&str; 24] = [
    "plugin:event|emit",
    "plugin:event|emit_to",
    "plugin:event|listen",
    "plugin:event|unlisten",
    "plugin:webview|create_webview_window",
    "plugin:webview|get_all_webviews",
    "plugin:window|create",
    "plugin:window|get_all_windows",
    "plugin:window|close",
    "plugin:window|set_title",
    "plugin:path|resolve_directory",
    "plugin:resources|close",
    "plugin:app|version",
    "plugin:menu|new",
    "plugin:store|load",
    "plugin:store|get",
    "plugin:store|set",
    "plugin:store|entries",
    "plugin:store|reload",
    "plugin:dialog|open",
    "plugin:dialog|save",
    "plugin:opener|open_url",
    "plugin:opener|open_path",
    "plugin:window-state|restore_state",
];
const PLUGIN_COMMANDS_OF_MAIN: [&str; 5] = [
    "plugin:event|listen",
    "plugin:event|unlisten",
    "plugin:store|load",
    "plugin:store|get",
    "plugin:store|set",
];
const OWN_PAGE: &str = if cfg!(windows) {
    "http://tauri.localhost/"
} else {
    "tauri://localhost/"
};
const FOREIGN_PAGES: [&str; 5] = [
    "http://localhost:41234/0123456789abcdef/",
    "http://127.0.0.1:41234/0123456789abcdef/",
    "https://widget.transactionlink.io/",
    "https://tauri.localhost.example.org/",
    "data:text/html,x",
];

struct Fixture {
    app: App<MockRuntime>,
    _folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keychain = Keychain::of_this_computer("io.tokendesk.access-control-test");
        let desk = Desk::new(Folder::at(folder.path()), keychain);
        let app = tokendesk_lib::build(mock_builder(), desk).unwrap();
        Self {
            app,
            _folder: folder,
        }
    }

    fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default())
            .build()
            .unwrap()
    }
}

/// Whether access control lets a command through; what the command itself says is not asked.
fn may_call(window: &WebviewWindow<MockRuntime>, page: &str, command: &str) -> bool {
    let answer = get_ipc_response(
        window,
        InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: page.parse().unwrap(),
            // No argument is named so: what needs one fails after access control.
            body: InvokeBody::Json(serde_json::json!({})),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        },
    );
    match answer {
        Ok(_) => true,
        Err(error) => !error.to_string().contains("not allowed"),
    }
}

fn own_commands() -> Vec<&'static str> {
    let commands = ipc::commands(&ts_rs::Config::default());
    commands.iter().map(|command| command.name).collect()
}

#[test]
fn the_main_window_may_call_its_commands_and_no_others() {
    let fixture = Fixture::new();
    let main = fixture.window("main");
    // Without arguments they act; the test's desk is empty and was never opened.
    for command in own_commands() {
        if ["retry_keychain", "clear_clipboard"].contains(&command) {
            continue;
        }
        assert!(may_call(&main, OWN_PAGE, command), "{command}");
    }
    for command in PLUGIN_COMMANDS {
        let wanted = PLUGIN_COMMANDS_OF_MAIN.contains(&command);
        assert_eq!(may_call(&main, OWN_PAGE, command), wanted, "{command}");
    }
    assert!(!may_call(&main, OWN_PAGE, "no_such_command"));
}

#[test]
fn a_foreign_page_in_the_main_window_may_call_nothing() {
    let fixture = Fixture::new();
    let main = fixture.window("main");
    for page in FOREIGN_PAGES {
        for command in own_commands().into_iter().chain(PLUGIN_COMMANDS) {
            assert!(!may_call(&main, page, command), "{command} from {page}");
        }
    }
}

#[test]
fn a_preview_may_call_nothing_wherever_its_page_is_from() {
    let fixture = Fixture::new();
    for label in ["preview-1", "preview-2", "other", "main-2"] {
        let window = fixture.window(label);
        for page in FOREIGN_PAGES.into_iter().chain([OWN_PAGE]) {
            for command in own_commands().into_iter().chain(PLUGIN_COMMANDS) {
                assert!(
                    !may_call(&window, page, command),
                    "{command} in {label} from {page}"
                );
            }
        }
    }
}
