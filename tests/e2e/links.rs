//! Hosted links: sent, scanned from the screen, and ended by the next one.

use std::io::Cursor;

use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring},
    terminal_setting::http,
    web::Web,
};

/// What a camera would read off the screen.
async fn scanned(app: &Web) -> Vec<String> {
    let picture = app.client.screenshot().await.unwrap();
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let bytes = frame.color_type.samples();
    assert!(bytes >= 3, "a picture in colours");
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let rgb = &pixels[y * frame.line_size + x * bytes..][..3];
        let sum: u16 = rgb.iter().map(|&part| u16::from(part)).sum();
        u8::try_from(sum / 3).unwrap()
    });
    let found = image.detect_grids();
    let read = found.iter().filter_map(|grid| grid.decode().ok());
    read.map(|(_, text)| text).collect()
}

/// Opens the code of what the card shows, and reads it in both themes. Gives the link.
async fn scan(app: &Web) -> String {
    app.click("link-qr").await;
    app.see("qr-code").await;
    app.click_css("[data-testid=link-dialog] [data-testid=reveal-link]")
        .await;
    app.says("link-text", "http").await;
    let link = app.text("link-text").await;
    for theme in ["light", "dark"] {
        let script = "document.documentElement.dataset.theme = arguments[0]";
        app.script(script, vec![json!(theme)]).await;
        app.painted().await;
        app.until(
            &format!("the code is read in the {theme} theme"),
            async || scanned(app).await == [link.clone()],
        )
        .await;
    }
    app.click("link-dialog-close").await;
    app.gone("link-dialog").await;
    link
}

async fn shown(app: &Web) -> String {
    let card = app.see("token-card").await;
    card.attr("data-entry").await.unwrap().unwrap()
}

async fn opens(link: &str) -> u16 {
    let answer = http().get(link).send().await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn a_link_is_sent_scanned_and_ended_by_the_next() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("field-api-v1").await;
    app.click("field-give-link").await;
    app.click("field-send").await;
    app.says("endpoint", "POST /link/send").await;
    assert_eq!(app.count("link-ends").await, 0);
    app.click("issue-submit").await;
    app.see_css("[data-testid=token-card][data-kind=link]")
        .await;
    app.see("link-sent").await;
    let first = shown(&app).await;
    let first_link = scan(&app).await;
    assert_eq!(opens(&first_link).await, 200);

    app.says(
        "link-ends",
        "This ends the link issued less than a minute ago.",
    )
    .await;
    app.click("issue-submit").await;
    app.says("confirm", "This ends the link").await;
    app.click("confirm-no").await;
    app.gone("confirm").await;
    assert_eq!(shown(&app).await, first, "no other was issued");
    assert_eq!(opens(&first_link).await, 200, "and the first still works");
    app.click("issue-submit").await;
    app.click("confirm-yes").await;
    app.until("the second is on the card", async || {
        shown(&app).await != first
    })
    .await;
    let second = shown(&app).await;
    let second_link = scan(&app).await;
    assert_eq!(
        (opens(&first_link).await, opens(&second_link).await),
        (410, 200)
    );

    app.click("nav-history").await;
    for (entry, status) in [(&first, "superseded"), (&second, "active")] {
        app.see_css(&format!(
            "[data-testid=history-row][data-entry='{entry}'][data-status={status}]"
        ))
        .await;
    }
    assert_eq!(app.count("history-row").await, 2);
    app.click_css(&format!("[data-testid=history-row][data-entry='{first}']"))
        .await;
    app.says("drawer-timeline", "Superseded by a newer link")
        .await;
    app.close().await;
}

#[tokio::test]
async fn the_hosted_link_of_a_run_is_scanned_too() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("field-api-workflows").await;
    app.click("issue-submit").await;
    app.see_css("[data-testid=token-card][data-kind=run]").await;
    let link = scan(&app).await;
    assert!(link.contains("?token=eyJ"), "a long one: {link}");
    assert_eq!(opens(&link).await, 200);
    app.close().await;
}
