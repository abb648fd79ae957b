//! Who asks whom for what, in a line or two.

use crate::{
    check::report::RequestReport,
    terminal::{BOLD, DIM},
};

use super::page::{Page, clipped};

/// `ORIGIN ──PUT──▶ URL   credentials: include`.
pub(super) fn request(page: &mut Page, request: &RequestReport) {
    let look = page.look;
    let origin = clipped(&request.origin, look);
    let url = clipped(&request.url, look);
    let arrow = format!("──{}──▶", request.method);
    let start = page.row().plain("  ").styled(BOLD, &origin);
    let end = page.row().plain(&format!(" {arrow} ")).styled(BOLD, &url);
    let mut row = if start.width() + end.width() <= look.width {
        start.plain(&format!(" {arrow} ")).styled(BOLD, &url)
    } else {
        page.line(&start);
        page.row()
            .plain(&format!("    {arrow} "))
            .styled(BOLD, &url)
    };
    let settings = settings(request);
    if row.width() + 3 + settings.chars().count() <= look.width {
        row = row.plain("   ").styled(DIM, &settings);
        page.line(&row);
    } else {
        page.line(&row);
        page.paragraph(4, DIM, &settings);
    }
}

/// `GET URL   credentials: include`, for several origins.
pub(super) fn target(page: &mut Page, request: &RequestReport) {
    let url = clipped(&request.url, page.look);
    let row = page.row().plain(&format!("  {} ", request.method));
    let row = row.styled(BOLD, &url);
    page.line(&row);
    page.paragraph(4, DIM, &settings(request));
}

/// Whatever is not as `fetch(url)` has it, and the credentials mode, which people forget.
fn settings(request: &RequestReport) -> String {
    let mut settings = vec![format!("credentials: {}", request.credentials)];
    let mut unusual = |name: &str, value: &str, usual: &str| {
        if value != usual {
            settings.push(format!("{name}: {value}"));
        }
    };
    unusual("as", &request.api, "fetch");
    unusual("mode", &request.mode, "cors");
    unusual("redirect", &request.redirect, "follow");
    unusual("profile", &request.profile, "browsers");
    if request.upload_listener {
        settings.push("upload listener".to_owned());
    }
    settings.join(" · ")
}
