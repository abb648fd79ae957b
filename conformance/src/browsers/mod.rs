//! Real browsers, driven by WebDriver: started, led to a page that runs scenarios, and ended with all
//! their processes.

mod aloud;
mod console;
mod display;
mod engine;
mod kept;
mod running;
mod session;

pub use aloud::Aloud;
pub use console::ConsoleLine;
pub use engine::Engine;
pub use running::Browser;
pub use session::Session;
