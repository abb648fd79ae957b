//! Real browsers, driven by WebDriver: started, led to a page that runs scenarios, and ended with all
//! their processes.

mod console;
mod display;
mod engine;
mod kept;
mod running;
mod session;

pub use console::ConsoleLine;
pub use engine::Engine;
pub use running::Browser;
pub use session::Session;

/// The page whose script runs scenarios, as every server of pages hands it out.
pub const PAGE: &str = concat!(
    "<!doctype html><meta charset=\"utf-8\"><title>corsac</title>",
    // Else some browsers ask for an icon.
    "<link rel=\"icon\" href=\"data:,\"><body><script>",
    include_str!("page.js"),
    "</script>"
);
