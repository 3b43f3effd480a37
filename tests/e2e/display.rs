//! The display as a window manager and a person have it: windows by their titles, closed by their
//! close button, and keys.

use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{
            AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, InputFocus, KEY_PRESS_EVENT,
            KEY_RELEASE_EVENT, MapState, Window,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

pub const CONTROL: u32 = 0xffe3;

pub struct Display {
    connection: RustConnection,
    root: Window,
}

impl Display {
    /// The display of this test, or another by its name.
    pub fn open(name: Option<&str>) -> Self {
        let (connection, screen) = x11rb::connect(name).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// The windows that are shown whose title holds this.
    pub fn windows(&self, title: &str) -> Vec<Window> {
        let all = self.connection.query_tree(self.root).unwrap().reply();
        let shown = |window: &Window| {
            let attributes = self.connection.get_window_attributes(*window).unwrap();
            // It may be gone by now.
            let viewable = attributes
                .reply()
                .is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE);
            viewable && self.title(*window).contains(title)
        };
        all.unwrap().children.into_iter().filter(shown).collect()
    }

    fn title(&self, window: Window) -> String {
        let name = self.atom("_NET_WM_NAME");
        let asked = self
            .connection
            .get_property(false, window, name, AtomEnum::ANY, 0, 1024)
            .unwrap();
        let title = asked.reply().map(|title| title.value).unwrap_or_default();
        String::from_utf8_lossy(&title).into_owned()
    }

    /// A window's place and size.
    pub fn place(&self, window: Window) -> (i32, i32, i32, i32) {
        let place = self
            .connection
            .get_geometry(window)
            .unwrap()
            .reply()
            .unwrap();
        (
            place.x.into(),
            place.y.into(),
            place.width.into(),
            place.height.into(),
        )
    }

    /// Asks a window to close, as its close button does.
    pub fn close(&self, window: Window) {
        let delete = [self.atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.atom("WM_PROTOCOLS"), delete);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)
            .unwrap();
        self.connection.flush().unwrap();
    }

    /// Presses keys together in a window.
    pub fn press(&self, window: Window, keys: &[u32]) {
        self.connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
            .unwrap();
        let codes: Vec<u8> = keys.iter().map(|key| self.code(*key)).collect();
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code);
        }
        for code in codes.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code);
        }
        self.connection.flush().unwrap();
    }

    fn fake(&self, what: u8, code: u8) {
        self.connection
            .xtest_fake_input(what, code, 0, self.root, 0, 0, 0)
            .unwrap();
    }

    fn code(&self, key: u32) -> u8 {
        let setup = self.connection.setup();
        let (least, most) = (setup.min_keycode, setup.max_keycode);
        let asked = self
            .connection
            .get_keyboard_mapping(least, most - least + 1)
            .unwrap();
        let map = asked.reply().unwrap();
        let each = usize::from(map.keysyms_per_keycode);
        let place = map.keysyms.chunks(each).position(|keys| keys[0] == key);
        least + u8::try_from(place.unwrap()).unwrap()
    }

    fn atom(&self, name: &str) -> u32 {
        let asked = self.connection.intern_atom(false, name.as_bytes()).unwrap();
        asked.reply().unwrap().atom
    }
}
