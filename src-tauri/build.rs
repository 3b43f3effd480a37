//! Access control is on: what no permission names, no window may call.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // tauri-build watches the places it knows by default; these are ours.
    #[allow(clippy::print_stdout, reason = "this is how cargo is told")]
    for folder in ["permissions", "capabilities"] {
        println!("cargo:rerun-if-changed=src-tauri/{folder}");
    }
    let manifest =
        tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*");
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    Ok(tauri_build::try_build(attributes)?)
}
