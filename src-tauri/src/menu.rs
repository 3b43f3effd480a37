//! The menu, where the platform needs one for copy and paste to work.

/// On macOS the keys for copy and paste come from an Edit menu.
pub(crate) fn set_up<R: tauri::Runtime>(app: &tauri::App<R>) -> tauri::Result<()> {
    #[cfg(target_os = "macos")]
    app.set_menu(tauri::menu::Menu::default(app.handle())?)?;
    #[cfg(not(target_os = "macos"))]
    let _ = app;
    Ok(())
}
